/** Number of names that a label takes before all further ones read `other`. */
const MAX_NAMES = 200;

/** Longer names are none that people gave. */
const MAX_LENGTH = 200;

export const OTHER = 'other';

/** Keeps the values of a label bounded where clients choose them: each value costs memory here and in Prometheus. */
export class BoundedNames {
  private readonly known = new Map<string, string>();

  constructor(private readonly most = MAX_NAMES) {}

  /** The name itself while there is room for it. */
  of(name: string): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.known.size >= this.most || name.length > MAX_LENGTH) return OTHER;
    // A copy: a name that was cut out of a text holds all of that text.
    const copy = Buffer.from(name).toString();
    this.known.set(copy, copy);
    return copy;
  }
}
