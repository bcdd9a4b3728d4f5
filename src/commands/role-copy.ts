import { refuse } from '../domain/refusal';
import { absence, decideCreate, versionConflict } from '../domain/role/decide';
import { copyName, defaultDetails, detailsOf, type RoleDetails } from '../domain/role/details';
import type { RoleEvent } from '../domain/role/events';
import type { RoleState } from '../domain/role/state';
import { characters, nameKey } from '../domain/text';
import { newRoleId } from './identity';
import type { DuplicateRole } from './inputs';
import type { HandlerOutcome } from './outcome';
import { onRole, roleContext } from './role';
import { membership } from './role-change';
import type { CommandSession } from './session';
import type { LoadedStream } from './streams/stream-state';
import { attempt, retryOnConflict, type Attempt, type Ruling } from './transact';

/** Limit of numbers tried for a free name, for copies of one role made at the same time. */
const MAX_COPIES = 1_000;

/** Makes a custom role of any role, under the first free name if none is given. */
export function duplicateRole(session: CommandSession, input: DuplicateRole): Promise<HandlerOutcome> {
  const role = newRoleId(session.identity);
  return retryOnConflict(session, 1, async (firstNumber) => {
    // The original first: a copy made elsewhere under the same key is found, even if the original was then deleted.
    const source = await session.loadRole(input.role);
    const original = originalOf(session, input.role, source.state);
    const chosen = input.name == null ? freeName(session, original.name, firstNumber) : null;
    const copy = { ...original, name: input.name ?? chosen?.name ?? '' };
    const outcome = await attempt(
      session,
      onRole(session, role, (state) => decideCopy(session, input, { source, original: copy }, state)),
    );
    // The tables did not know of the name yet: try the next number.
    return chosen && chosen.number < MAX_COPIES && isNameTaken(outcome)
      ? { again: chosen.number + 1 }
      : outcome;
  });
}

const isNameTaken = (outcome: Attempt): boolean =>
  outcome !== 'conflict' && !outcome.accepted && outcome.refusals.some(({ code }) => code === 'NAME_TAKEN');

/** The part of a role that a copy has too. */
interface Original extends RoleDetails {
  readonly grants: Iterable<readonly [permission: string, scopes: readonly string[]]>;
}

/** The original, from the catalogue for a default role, and from its stream for a custom one. */
function originalOf({ catalogue }: CommandSession, role: string, state: RoleState): Original {
  const found = catalogue.defaultRole.get(role);
  const grants = found?.permissions.map((key) => [key, catalogue.permission.get(key)?.scopes ?? []] as const);
  return { ...(found ? defaultDetails(found) : detailsOf(state)), grants: grants ?? state.grants };
}

/** The copied role: its stream, and the content that the copy takes over. */
interface Copied {
  readonly source: LoadedStream<RoleState>;
  readonly original: Original;
}

function decideCopy(
  session: CommandSession,
  { role, withUsers }: DuplicateRole,
  { source, original }: Copied,
  state: RoleState,
): Ruling<RoleEvent> {
  const gone = absence(source.state, { role, defaultRole: session.catalogue.defaultRole.get(role) ?? null });
  if (gone.length > 0) return { ...refuse(...gone), restsOn: source };
  const stale = versionConflict(session.context, source.state);
  if (stale.length > 0) return { ...refuse(...stale), restsOn: source };
  const users = withUsers ? activeMembers(session, source.state) : null;
  const { grants, ...details } = original;
  return decideCreate(
    { ...details, ...membership(users, null), copiedFrom: { role, grants } },
    state,
    roleContext(session, newRoleId(session.identity), users ?? []),
  );
}

/** Members without the inactive ones: these cannot be assigned to a copy, and stay in the original. */
function activeMembers(session: CommandSession, source: RoleState): string[] {
  const members = [...source.members];
  const status = session.tools.reads.userStatus(session.context.account, members);
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
