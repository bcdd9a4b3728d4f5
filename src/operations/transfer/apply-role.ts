import { hash } from 'node:crypto';
import { inputRefusal, type Command, type CommandContext } from '../../commands/command';
import { identify, newRoleId } from '../../commands/identity';
import { nameKey, sameName } from '../../domain/text';
import { normalDescription } from '../../domain/role/details';
import type { Actor } from '../../domain/vocabulary';
import { operatorContext } from '../../operator/operator';
import type { OperatorAnswer } from '../../operator/operator-bus';
import type { OperatorTarget } from '../register-user';
import type { Position } from '../../event-store/port/event-store';
import type { RoleRow } from '../../../projections/view';
import type { RoleLine } from './role-line';

/** Limit of roles that an import made under one name and that were renamed or deleted since. */
const MAX_GENERATIONS = 1_000;
/** Time limit of the wait until the tables show a role that is known to be in the log, in milliseconds. */
const WAIT_MS = 30_000;
/** Changes of one kind in one command. A mutation may have more; but deciding a command blocks the event loop. */
const CHUNK = 250;

type CreateRole = Extract<Command, { type: 'createRole' }>;

/** Users who are to have a role, by id. */
export interface Members {
  readonly users: readonly string[];
  readonly inactive: readonly string[];
}

/**
 * Applies a line to its role, and returns the answer to each command; a refusal ends it. A role that fits in one
 * command is made whole or not at all; a larger one is completed by further commands, as is an existing one.
 */
export async function applyRole(
  target: OperatorTarget,
  line: RoleLine,
  members: Members,
): Promise<readonly OperatorAnswer[]> {
  const users = chunks(members.users);
  const assigning = (role: string): Step[] => [
    ...users.map((some) => ({ command: { type: 'assignUsers', role, userIds: some } as const })),
    ...chunks(members.inactive).map((some) => ({
      command: { type: 'assignUsers', role, userIds: some } as const,
      restoring: true,
    })),
  ];
  if ('key' in line) return inTurn(target, assigning(line.key));

  const grants = chunks(line.grants ?? []);
  const { role, answer } = await create(target, {
    type: 'createRole',
    name: line.name,
    description: line.description ?? null,
    grants: grants[0] ?? [],
    userIds: users[0] ?? [],
  });
  if (role === null || !answer.accepted) return [answer];
  const granting = grants.map((some): Step => ({
    command: { type: 'grantPermissions', role, grants: some },
  }));
  // The creation included the first chunk of the grants and of the users.
  const isNew = answer.written > 0;
  const rest = isNew
    ? [...granting.slice(1), ...assigning(role).slice(users.length > 0 ? 1 : 0)]
    : [...granting, ...assigning(role)];
  return [answer, ...(await inTurn(target, rest))];
}

/** A command of a line. `restoring`: see `CommandContext`. */
interface Step {
  readonly command: Command;
  readonly restoring?: boolean;
}

/**
 * Creates the role of a line, or finds it. The command is keyed by the name, so that a repeated line finds the role of
 * an earlier import. A role that was renamed or deleted since is not the line's any more: the next key makes another.
 */
async function create(target: OperatorTarget, command: CreateRole): Promise<Created> {
  const { readModels, account } = target;
  for (let n = 1; ; n += 1) {
    const answer = await execute(target, command, { idempotencyKey: keyOf(command, n) });
    if (answer.accepted && answer.written > 0) return { role: answer.owner.id, answer };
    if (!answer.accepted && !isKeyReused(answer)) return madeByAnother(target, command, answer);
    if (n === MAX_GENERATIONS) return { role: null, answer };
    const { actor } = operatorContext(account, target.record);
    const role = roleIdOf(account, actor, command, n);
    const position = 'position' in answer ? answer.position : null;
    if (position !== null) await readModels.waitFor(position, WAIT_MS);
    const held = readModels.view(account).roles([role]).get(role);
    if (!held || held.deletedAt !== null || !sameName(held.name, command.name)) continue;
    return answer.accepted ? { role, answer } : found(command, held, position);
  }
}

interface Created {
  /** Null if the line has no role. */
  readonly role: string | null;
  readonly answer: OperatorAnswer;
}

const keyOf = (command: CreateRole, n: number): string =>
  `import-role-${hash('sha256', nameKey(command.name))}-${n}`;

/** Keys belong to their actor: each operator's imports make roles of ids of their own. */
function roleIdOf(account: string, actor: Actor, command: CreateRole, n: number): string {
  const context = { account, actor, requestId: '', idempotencyKey: keyOf(command, n) };
  return newRoleId(identify(command, context));
}

/** The name may belong to a role that an import of another operator made: then that role is the line's, too. */
function madeByAnother(
  { readModels, account }: OperatorTarget,
  command: CreateRole,
  answer: OperatorAnswer,
): Created {
  const taken = 'refusals' in answer ? answer.refusals.find(({ code }) => code === 'NAME_TAKEN') : undefined;
  const [id] = taken?.ids ?? [];
  const held = id === undefined ? undefined : readModels.view(account).roles([id]).get(id);
  if (!held || held.createdBy?.type !== 'operator') return { role: null, answer };
  for (let n = 1; n <= MAX_GENERATIONS; n += 1) {
    if (roleIdOf(account, held.createdBy, command, n) !== held.id) continue;
    return found(command, held, null);
  }
  return { role: null, answer };
}

/** A role that an earlier import made, for a line that may differ from that import's. */
function found(command: CreateRole, { id, description }: RoleRow, position: Position | null): Created {
  if (description === normalDescription(command.description))
    return { role: id, answer: { accepted: true, owner: { kind: 'role', id }, position, written: 0 } };
  const message = 'The role exists, with another description.';
  const refusals = [inputRefusal('NAME_TAKEN', { message })];
  return { role: null, answer: { accepted: false, refusals, position } };
}

/** Made under this key, but from a different line. */
const isKeyReused = (answer: OperatorAnswer): boolean =>
  'refusals' in answer && answer.refusals.some(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');

async function inTurn(target: OperatorTarget, steps: readonly Step[]): Promise<OperatorAnswer[]> {
  const answers: OperatorAnswer[] = [];
  for (const { command, restoring } of steps) {
    const answer = await execute(target, command, { restoring });
    answers.push(answer);
    if (!answer.accepted) break;
  }
  return answers;
}

async function execute(
  { bus, account, record }: OperatorTarget,
  command: Command,
  extra: Pick<CommandContext, 'idempotencyKey' | 'restoring'>,
): Promise<OperatorAnswer> {
  const context = { ...operatorContext(account, record), ...extra };
  const [answer] = await bus.executeAll([{ command, context }], { ahead: true });
  if (!answer) throw new Error('An answer is missing.');
  return answer;
}

function chunks<T>(items: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += CHUNK) found.push(items.slice(start, start + CHUNK));
  return found;
}
