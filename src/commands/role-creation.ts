import { characters, nameKey } from '../domain/names';
import { refusal, type Decision } from '../domain/refusal';
import { copyName } from '../domain/role/details';
import { decideCreate } from '../domain/role/decide';
import type { RoleEvent } from '../domain/role/events';
import type { RoleState } from '../domain/role/state';
import { done, earlierOutcome, refused, untilDecided } from './attempt';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { newRoleId } from './identity';
import { loadRole, roleContext, writeRole } from './roles';
import type { CommandSession } from './session';

/** Commands that bring a custom role into being: from nothing, or as a copy. */

export function createRole(
  session: CommandSession,
  command: Extract<Command, { type: 'createRole' }>,
): Promise<CommandOutcome> {
  const { name, description, grants, userIds } = command;
  const owner: CommandOwner = { kind: 'role', id: newRoleId(session.identity) };
  return create(session, owner, () =>
    decideCreate(
      {
        name,
        description,
        ...(grants ? { grants: { kind: 'grant', grants, whole: false } } : {}),
        ...(userIds ? { membership: membershipOf(userIds) } : {}),
      },
      null,
      roleContext(session, owner.id),
    ),
  );
}

/** Copies of one role made at the same moment each find a free name; so many numbers are tried. */
const MAX_COPIES = 1_000;

export function duplicateRole(
  session: CommandSession,
  command: Extract<Command, { type: 'duplicateRole' }>,
): Promise<CommandOutcome> {
  const owner: CommandOwner = { kind: 'role', id: newRoleId(session.identity) };
  let firstNumber = 1;
  return untilDecided(session, async () => {
    // The original first: when the copy was made elsewhere under the same key and the original then deleted, the
    // copy is found.
    const source = await loadRole(session, command.role);
    const loaded = await loadRole(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const context = roleContext(session, owner.id);
    const original = session.catalogue.defaultRole.get(command.role);
    const gone = original ? original.retired : !source.state.created || source.state.deleted;
    if (gone)
      return refused([refusal('NOT_FOUND', { field: ['id'], idsOf: 'role', ids: [command.role] })], source);
    const expected = session.context.expectedVersion;
    if (expected != null && expected !== source.state.version) {
      const message = `The role is at version ${source.state.version}, not ${expected}.`;
      return refused(
        [
          refusal('VERSION_CONFLICT', {
            message,
            field: ['expectedVersion'],
            currentVersion: source.state.version,
          }),
        ],
        source,
      );
    }
    const chosen =
      command.name == null ? freeName(session, original?.name ?? source.state.name, firstNumber) : null;
    const grants = original
      ? original.permissions.map((key) => [key, session.catalogue.permission.get(key)?.scopes ?? []] as const)
      : source.state.grants;
    const decision = decideCreate(
      {
        name: command.name ?? chosen?.name ?? '',
        description: original ? original.description : source.state.description,
        ...(command.withUsers ? { membership: membershipOf(activeMembers(session, source.state)) } : {}),
      },
      { role: command.role, grants },
      context,
    );
    if (!decision.accepted) return refused(decision.refusals, loaded);
    const outcome = await writeRole(session, owner, loaded, decision.events);
    const nameLost =
      outcome !== 'conflict' &&
      !outcome.accepted &&
      outcome.refusals.some(({ code }) => code === 'NAME_TAKEN');
    if (!chosen || !nameLost || chosen.number >= MAX_COPIES) return outcome;
    // The tables did not know of the name yet: the next number.
    firstNumber = chosen.number + 1;
    return 'conflict';
  });
}

function create(
  session: CommandSession,
  owner: CommandOwner,
  decide: () => Decision<RoleEvent>,
): Promise<CommandOutcome> {
  return untilDecided(session, async () => {
    const loaded = await loadRole(session, owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    // Without a key the id is new; a stream that says created is then our own append, reported lost.
    if (loaded.state.created) return done(owner, loaded.position, 0);
    const decision = decide();
    return decision.accepted
      ? writeRole(session, owner, loaded, decision.events)
      : refused(decision.refusals, loaded);
  });
}

/** A copy cannot be assigned users who are inactive: they stay where they are. */
function activeMembers(session: CommandSession, source: RoleState): string[] {
  const members = [...source.members];
  const status = session.tools.guards.userStatus(session.context.account, members);
  return members.filter((user) => status.get(user) === 'ACTIVE');
}

const membershipOf = (userIds: readonly string[]) => ({
  assign: userIds,
  unassign: [],
  assignField: 'userIds',
  unassignField: 'userIds',
});

function freeName(
  session: CommandSession,
  original: string,
  first: number,
): { name: string; number: number } {
  const { tools, context, catalogue } = session;
  const shortest = copyName(original, MAX_COPIES);
  const prefix = [...shortest].slice(0, characters(shortest) - ` (${MAX_COPIES})`.length).join('');
  const taken = new Set(tools.guards.roleNameKeys(context.account, prefix));
  for (const role of catalogue.content.defaultRoles) if (!role.retired) taken.add(nameKey(role.name));
  let number = first;
  while (number < MAX_COPIES && taken.has(nameKey(copyName(original, number)))) number += 1;
  return { name: copyName(original, number), number };
}
