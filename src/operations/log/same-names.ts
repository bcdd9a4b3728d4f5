import type { ClaimKind } from '../../domain/claim/events';
import { hasIgnorables, keysToClaim } from '../../domain/text';
import type { EventStore, JsonValue, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { readVoids } from '../../repair/voids';

/**
 * Names of an account that count as one today and did not at first: release 0.1.0 took names that differ in
 * default-ignorable code points alone for two.
 */
export interface SameNames {
  readonly account: string;
  readonly kind: Exclude<ClaimKind, 'ROLE_CONFLICT'>;
  /** Ids of the users or roles that bear one, in the order in which they took it. No names: they may be personal. */
  readonly ids: readonly string[];
  /** The one that holds the claim on the name that all have in common; null if none of them ever claimed it. */
  readonly holder: string | null;
}

/** Name that a user or a role takes by an event, null where it gives one up. */
interface Taken {
  readonly account: string;
  readonly kind: SameNames['kind'];
  readonly id: string;
  readonly name: string | null;
}

type Source = Pick<EventStore, 'readAll' | 'readStream'>;

/** Finds them in a log of format 1. It is read once more only if a name has a default-ignorable code point. */
export async function sameNamesIn(
  source: Source,
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly SameNames[]> {
  const suspects = new Set<string>();
  for await (const taken of namesTaken(source, onProgress))
    if (taken.name !== null && hasIgnorables(taken.name)) suspects.add(groupOf(taken, taken.name));
  if (suspects.size === 0) return [];
  const groups = new Map<string, Map<string, Taken & { readonly name: string }>>();
  const current = new Map<string, string>();
  for await (const taken of namesTaken(source, onProgress)) {
    const { account, kind, id, name } = taken;
    const owner = `${account}\n${kind}\n${id}`;
    const group = name === null ? undefined : groupOf(taken, name);
    const former = current.get(owner);
    // A change within the group keeps the place in it.
    if (former !== undefined && former !== group) groups.get(former)?.delete(id);
    current.delete(owner);
    if (name === null || group === undefined || !suspects.has(group)) continue;
    current.set(owner, group);
    const members = groups.get(group) ?? new Map<string, Taken & { readonly name: string }>();
    groups.set(group, members.set(id, { ...taken, name }));
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members.values();
    if (!first || members.size < 2) return [];
    const holder = [...members.values()].find(({ name }) => keysToClaim(name).length === 1)?.id ?? null;
    return [{ account: first.account, kind: first.kind, ids: [...members.keys()], holder }];
  });
}

/** Key of those whose names count as one: the name without what does not distinguish names. */
const groupOf = ({ account, kind }: Pick<Taken, 'account' | 'kind'>, name: string): string =>
  `${account}\n${kind}\n${keysToClaim(name)[0]}`;

async function* namesTaken(source: Source, onProgress: (done: number) => void): AsyncGenerator<Taken> {
  const voids = await readVoids(source);
  let done = 0;
  for await (const event of source.readAll()) {
    onProgress((done += 1));
    const taken = takenBy(event);
    if (taken && !voids.of(event)) yield taken;
  }
}

function takenBy({ type, stream, data }: RecordedEvent): Taken | null {
  const place = parseStream(stream);
  if (place === null || place.account === null || place.id === null) return null;
  const { account, id } = place;
  const found = (kind: SameNames['kind'], name: JsonValue | undefined): Taken | null =>
    typeof name === 'string' ? { account, kind, id, name } : null;
  switch (`${place.category} ${type}`) {
    case 'user UserRegistered':
      return found('USERNAME', data['username']);
    case 'user UserProfileChanged':
      return found('USERNAME', (data['to'] as { readonly username?: JsonValue } | null)?.username);
    case 'role RoleCreated':
      return found('ROLE_NAME', data['name']);
    case 'role RoleRenamed':
      return found('ROLE_NAME', data['to']);
    case 'role RoleDeleted':
      return { account, kind: 'ROLE_NAME', id, name: null };
    default:
      return null;
  }
}
