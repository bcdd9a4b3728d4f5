/** How many names a label takes before all further ones read `other`. */
const MAX_NAMES = 200;

export const OTHER = 'other';

/** Keeps the values of a label bounded where clients choose them: each value costs memory here and in Prometheus. */
export class BoundedNames {
  private readonly known = new Set<string>();

  constructor(private readonly most = MAX_NAMES) {}

  /** The name itself while there is room for it. */
  of(name: string): string {
    if (this.known.has(name)) return name;
    if (this.known.size >= this.most) return OTHER;
    this.known.add(name);
    return name;
  }
}
