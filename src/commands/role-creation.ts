import { characters, nameKey } from '../domain/text';
import { copyName } from '../domain/role/details';
import { absence, decideCreate, versionConflict } from '../domain/role/decide';
import type { RoleState } from '../domain/role/state';
import { done, earlierOutcome, refused, untilDecided } from './attempt';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { newRoleId } from './identity';
import { loadRole, roleContext, writeRole } from './roles';
import type { CommandSession } from './session';
import { membership } from './role-change';

/** Commands that bring a custom role into being: from nothing, or as a copy. */

export function createRole(
  session: CommandSession,
  command: Extract<Command, { type: 'createRole' }>,
): Promise<CommandOutcome> {
  const { name, description, grants, userIds } = command;
  const owner: CommandOwner = { kind: 'role', id: newRoleId(session.identity) };
  return untilDecided(session, null, async () => {
    const loaded = await loadRole(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    // Without a key the id is new; a stream that says created is then our own append, reported lost.
    if (loaded.state.created) return done(owner, loaded.position, 0);
    const decision = decideCreate(
      {
        name,
        description,
        ...(grants ? { grants: { kind: 'grant', grants, whole: false } } : {}),
        ...membership(userIds, null, 'userIds', 'userIds'),
      },
      null,
      roleContext(session, owner.id, userIds ?? []),
    );
    return decision.accepted
      ? writeRole(session, owner, loaded, decision.events)
      : refused(decision.refusals, loaded);
  });
}

/** Copies of one role made at the same moment each find a free name; so many numbers are tried. */
const MAX_COPIES = 1_000;

export function duplicateRole(
  session: CommandSession,
  command: Extract<Command, { type: 'duplicateRole' }>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'role', id: newRoleId(session.identity) };
  return untilDecided(session, 1, async (firstNumber) => {
    // The original first: when the copy was made elsewhere under the same key and the original then deleted, the
    // copy is found.
    const source = await loadRole(session, command.role);
    const loaded = await loadRole(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const original = session.catalogue.defaultRole.get(command.role) ?? null;
    const gone = absence(source.state, { role: command.role, defaultRole: original });
    if (gone) return refused([gone], source);
    const stale = versionConflict(session.context.expectedVersion, source.state);
    if (stale.length > 0) return refused(stale, source);
    const users = command.withUsers ? activeMembers(session, source.state) : null;
    const chosen =
      command.name == null ? freeName(session, original?.name ?? source.state.name, firstNumber) : null;
    const grants = original
      ? original.permissions.map((key) => [key, session.catalogue.permission.get(key)?.scopes ?? []] as const)
      : source.state.grants;
    const decision = decideCreate(
      {
        name: command.name ?? chosen?.name ?? '',
        description: original ? original.description : source.state.description,
        ...membership(users, null, 'userIds', 'userIds'),
      },
      { role: command.role, grants },
      roleContext(session, owner.id, users ?? []),
    );
    if (!decision.accepted) return refused(decision.refusals, loaded);
    const outcome = await writeRole(session, owner, loaded, decision.events);
    const nameLost =
      outcome !== 'conflict' &&
      !outcome.accepted &&
      outcome.refusals.some(({ code }) => code === 'NAME_TAKEN');
    if (!chosen || !nameLost || chosen.number >= MAX_COPIES) return outcome;
    // The tables did not know of the name yet: the next number.
    return { again: chosen.number + 1 };
  });
}

/** A copy cannot be assigned users who are inactive: they stay where they are. */
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
