import { refusal, refuse, type Refusal } from '../domain/refusal';
import { absence, decideCreate, versionConflict } from '../domain/role/decide';
import { copyName, defaultDetails, detailsOf, NO_DETAILS, type RoleDetails } from '../domain/role/details';
import type { RoleEvent } from '../domain/role/events';
import type { RoleState } from '../domain/role/state';
import { characters, nameKey } from '../domain/text';
import { newRoleId } from './identity';
import type { DuplicateRole } from './inputs';
import { CommandError, type HandlerOutcome } from './outcome';
import { onRole, roleContext } from './role';
import { membership } from './role-change';
import type { CommandSession } from './session';
import type { LoadedStream } from './streams/stream-state';
import { attempt, retryOnConflict, type Attempt, type Ruling } from './transact';

/** Limit of numbers tried for a free name, for copies of one role made at the same time. */
const MAX_COPIES = 1_000;

/** Makes a custom role of any role, as it is or as it was, under the first free name if none is given. */
export function duplicateRole(session: CommandSession, input: DuplicateRole): Promise<HandlerOutcome> {
  const role = newRoleId(session.identity);
  return retryOnConflict(session, 1, async (firstNumber) => {
    // The original first: a copy made elsewhere under the same key is found, even if the original was then deleted.
    const source = input.asOf === undefined ? await sourceNow(session, input) : sourceThen(session, input);
    const { details } = source;
    const chosen = input.name == null ? freeName(session, details.name, firstNumber) : null;
    const named = { ...source, details: { ...details, name: input.name ?? chosen?.name ?? '' } };
    const target = {
      role,
      users: input.withUsers ? [...source.members()] : [],
      source: { role: input.role, stream: source.restsOn },
    };
    const outcome = await attempt(
      session,
      onRole(session, target, (state) => decideCopy(session, input, named, state)),
    );
    // The tables did not know of the name yet: try the next number.
    return chosen && chosen.number < MAX_COPIES && isNameTaken(outcome)
      ? { again: chosen.number + 1 }
      : outcome;
  });
}

const isNameTaken = (outcome: Attempt): boolean =>
  outcome !== 'conflict' && !outcome.accepted && outcome.refusals.some(({ code }) => code === 'NAME_TAKEN');

/** The role that a copy is made of, as it is or as it was. */
interface Source {
  readonly details: RoleDetails;
  readonly grants: Iterable<readonly [permission: string, scopes: readonly string[]]>;
  readonly version: number;
  readonly members: () => Iterable<string>;
  /** Reason why there is nothing to copy; none if there is. */
  readonly absent: readonly Refusal[];
  /** The stream that a refusal depends on; none where the past is copied, which changes no more. */
  readonly restsOn?: LoadedStream<RoleState>;
}

/** Content from the catalogue for a default role, and from its stream for a custom one. */
async function sourceNow(session: CommandSession, { role }: DuplicateRole): Promise<Source> {
  const { catalogue } = session;
  const restsOn = await session.loadRole(role);
  const { state } = restsOn;
  const found = catalogue.defaultRole.get(role);
  const grants = found?.permissions.map((key) => [key, catalogue.permission.get(key)?.scopes ?? []] as const);
  return {
    details: found ? defaultDetails(found) : detailsOf(state),
    grants: grants ?? state.grants,
    version: state.version,
    members: () => state.members,
    absent: absence(state, { role, defaultRole: found ?? null }),
    restsOn,
  };
}

/** Content from the tables as of the moment, of default roles as of custom ones. @throws CommandError `STALE_REPLICA` */
function sourceThen({ tools, context }: CommandSession, { role, asOf = 0 }: DuplicateRole): Source {
  const then = tools.reads.roleThen(context.account, role, asOf);
  if (then === undefined)
    throw new CommandError(
      'STALE_REPLICA',
      'This replica has not reached that moment yet. Try another, or later.',
    );
  if (then) return { ...then, details: detailsOf(then), absent: [] };
  const message = 'There was no such role at that moment, or not any more.';
  const absent = [refusal('NOT_FOUND', { message, subject: ['role'], idsOf: 'role', ids: [role] })];
  return { details: NO_DETAILS, grants: [], version: 0, members: () => [], absent };
}

function decideCopy(
  session: CommandSession,
  { role, withUsers }: DuplicateRole,
  source: Source,
  state: RoleState,
): Ruling<RoleEvent> {
  const { absent, restsOn } = source;
  if (absent.length > 0) return { ...refuse(...absent), restsOn };
  const stale = versionConflict(session.context, source);
  if (stale.length > 0) return { ...refuse(...stale), restsOn };
  const users = withUsers ? activeOf(session, [...source.members()]) : null;
  return decideCreate(
    { ...source.details, ...membership(users, null), copiedFrom: { role, grants: source.grants } },
    state,
    roleContext(session, newRoleId(session.identity), users ?? []),
  );
}

/** Members without those who are not active now: these cannot be assigned to a copy. */
function activeOf({ tools, context }: CommandSession, members: readonly string[]): string[] {
  const status = tools.reads.userStatus(context.account, members);
  return members.filter((user) => status.get(user) === 'ACTIVE');
}

function freeName(
  session: CommandSession,
  original: string,
  first: number,
): { name: string; number: number } {
  const { tools, context, catalogue } = session;
  const shortest = copyName(original, MAX_COPIES);
  const prefix = [...shortest].slice(0, characters(shortest) - ` (${MAX_COPIES})`.length).join('');
  const taken = new Set(tools.reads.roleNameKeys(context.account, prefix));
  for (const role of catalogue.content.defaultRoles) if (!role.retired) taken.add(nameKey(role.name));
  let number = first;
  while (number < MAX_COPIES && taken.has(nameKey(copyName(original, number)))) number += 1;
  return { name: copyName(original, number), number };
}
