/** Inclusion of scopes, at any depth, and detection of cycles. */

type Includes = ReadonlyMap<string, readonly string[]>;

/**
 * Every scope that includes one of the targets, at any depth, with the target that it includes. Targets include
 * themselves. Walks from the targets upwards, once, so that a long chain of inclusions costs its length.
 */
export function scopesLeadingTo(targets: Iterable<string>, includes: Includes): ReadonlyMap<string, string> {
  const includedBy = new Map<string, string[]>();
  for (const [larger, smaller] of includes) {
    for (const name of smaller) {
      const list = includedBy.get(name);
      if (list) list.push(larger);
      else includedBy.set(name, [larger]);
    }
  }
  const leading = new Map([...targets].map((target) => [target, target]));
  // A map also yields entries that are added while it is iterated.
  for (const [scope, target] of leading) {
    for (const larger of includedBy.get(scope) ?? []) if (!leading.has(larger)) leading.set(larger, target);
  }
  return leading;
}

/** The cycles met on a walk through all scopes, each as `[a, b, a]`; none exactly when there is no cycle. */
export function findCycles(includes: Includes): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of includes.keys()) {
    // An explicit path rather than recursion: a chain as long as a catalogue must not overflow the stack.
    const path: { scope: string; next: number }[] = done.has(start) ? [] : [{ scope: start, next: 0 }];
    const onPath = new Map(path.map(({ scope }, index) => [scope, index]));
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const smaller = includes.get(top.scope)?.[top.next++];
      if (smaller === undefined) {
        path.pop();
        onPath.delete(top.scope);
        done.add(top.scope);
      } else if (onPath.has(smaller)) {
        const circle = path.slice(onPath.get(smaller)).map(({ scope }) => scope);
        cycles.push([...circle, smaller]);
      } else if (!done.has(smaller)) {
        onPath.set(smaller, path.length);
        path.push({ scope: smaller, next: 0 });
      }
    }
  }
  return cycles;
}
