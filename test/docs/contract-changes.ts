/** Changes of contracts of events that a release has: a version of an event is as it was, for ever. */

type Schema = Readonly<Record<string, unknown>>;
export type Contracts = Readonly<Record<string, Schema>>;

/** Words of a schema that nobody checks anything by. */
const ANNOTATIONS = new Set(['$id', '$schema', 'title', 'description', 'examples', '$comment']);
/** Keys whose members are named by the schema itself. */
const NAMED = new Set(['properties', '$defs']);

/**
 * Contracts that are gone or other than in the release, and are named by no note. A note names one in backticks, as
 * `RoleCreated.v1`. The envelope may have attributes that it had not.
 */
export function unnotedContracts(
  released: Contracts,
  current: Contracts,
  notes: readonly string[],
): string[] {
  const named = new Set(
    notes.flatMap((note) => [...note.matchAll(/`([A-Z]\w*\.v\d+)`/g)].map(([, name]) => name)),
  );
  return Object.entries(released).flatMap(([file, before]) => {
    const name = file.replace(/\.json$/, '');
    const now = current[file];
    if (named.has(name)) return [];
    if (!now) return [`${name}: It is gone.`];
    const isKept = name.startsWith('Envelope.') ? isOnlyAddedTo(before, now) : isSame(before, now);
    return isKept ? [] : [`${name}: It is another.`];
  });
}

const isSame = (before: unknown, now: unknown): boolean =>
  JSON.stringify(inForce(before)) === JSON.stringify(inForce(now));

function isOnlyAddedTo(before: Schema, now: Schema): boolean {
  const [then, today] = [before, now].map((each) => each.properties as Schema);
  const [required, still] = [before, now].map((each) => each.required as readonly string[]);
  return (
    Object.entries(then!).every(([name, schema]) => isSame(schema, today![name])) &&
    required!.every((name) => still!.includes(name))
  );
}

/** A schema without what says nothing of values, its members in order. */
function inForce(part: unknown, isNaming = false): unknown {
  if (Array.isArray(part)) return part.map((each) => inForce(each));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name]) => isNaming || !ANNOTATIONS.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [
        name,
        name === 'required' && Array.isArray(value)
          ? [...(value as string[])].sort()
          : inForce(value, !isNaming && NAMED.has(name)),
      ]),
  );
}
