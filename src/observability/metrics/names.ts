/** Number of names that a label takes before all further ones read `other`. */
const MAX_NAMES = 200;

/** Length beyond which a name is not one that a person chose. */
const MAX_LENGTH = 200;

export const OTHER = 'other';

/** Bounds the values of a label that clients choose: each value costs memory here and in Prometheus. */
export class BoundedNames {
  private readonly known = new Map<string, string>();

  constructor(private readonly most = MAX_NAMES) {}

  /** The name itself while the limit is not reached. */
  of(name: string): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.known.size >= this.most || name.length > MAX_LENGTH) return OTHER;
    // A copy: a substring of a text keeps all of that text in memory.
    const copy = Buffer.from(name).toString();
    this.known.set(copy, copy);
    return copy;
  }
}
