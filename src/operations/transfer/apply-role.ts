import { hash } from 'node:crypto';
import type { Command } from '../../commands/command';
import { identify, newRoleId } from '../../commands/identity';
import { nameKey, sameName } from '../../domain/text';
import { refusal } from '../../domain/refusal';
import { normalDescription } from '../../domain/role/details';
import { operatorContext } from '../open-account';
import type { OperatorAnswer } from '../operator-bus';
import type { ImportTarget } from './report';
import type { RoleLine } from './role-line';

/** So many roles that an import made under one name may have been renamed or deleted since. */
const MAX_GENERATIONS = 1_000;
/** How long to wait until the tables show a role that is known to be in the log. */
const WAIT_MS = 30_000;
/** Changes of one kind in one command. A mutation may have more; but each is decided in one go, and others want a turn. */
const CHUNK = 250;

type CreateRole = Extract<Command, { type: 'createRole' }>;

/**
 * Brings a line into its role, and answers what became of each command; a refusal ends it. A role that fits in one
 * command is made whole or not at all; a larger one is completed by further commands, as is one that is there already.
 * `userIds` stand for the line's usernames.
 */
export async function applyRole(
  target: ImportTarget,
  line: RoleLine,
  userIds: readonly string[],
): Promise<readonly OperatorAnswer[]> {
  const users = chunks(userIds);
  const assigning = (role: string): Command[] =>
    users.map((some) => ({ type: 'assignUsers', role, userIds: some }));
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
  const rest = [
    ...grants.map((some): Command => ({ type: 'grantPermissions', role, grants: some })),
    ...assigning(role),
  ];
  // What the creation said already.
  const said = [rest[0], rest[grants.length]];
  const isNew = answer.written > 0;
  return [
    answer,
    ...(await inTurn(target, isNew ? rest.filter((command) => !said.includes(command)) : rest)),
  ];
}

/**
 * Creates the role of a line, or finds it. The command is keyed by the name, so that a repeated line finds what an
 * earlier import made. A role that was renamed or deleted since is not the line's any more: the next key makes another.
 */
async function create(
  target: ImportTarget,
  command: CreateRole,
): Promise<{ readonly role: string | null; readonly answer: OperatorAnswer }> {
  const { readModels, account } = target;
  const name = hash('sha256', nameKey(command.name));
  for (let n = 1; ; n += 1) {
    const idempotencyKey = `import-role-${name}-${n}`;
    const answer = await execute(target, command, idempotencyKey);
    if (answer.accepted && answer.written > 0) return { role: answer.owner.id, answer };
    if ((!answer.accepted && !isKeyReused(answer)) || n === MAX_GENERATIONS) return { role: null, answer };
    const role = newRoleId(identify(command, { ...operatorContext(account), idempotencyKey }));
    const position = 'position' in answer ? answer.position : null;
    if (position !== null) await readModels.waitFor(position, WAIT_MS);
    const held = readModels.view(account).roles([role]).get(role);
    if (!held || held.deletedAt !== null || !sameName(held.name, command.name)) continue;
    if (answer.accepted) return { role, answer };
    if (held.description === normalDescription(command.description)) {
      return { role, answer: { accepted: true, owner: { kind: 'role', id: role }, position, written: 0 } };
    }
    const message = 'The role exists, with another description.';
    return {
      role: null,
      answer: { accepted: false, refusals: [refusal('NAME_TAKEN', { message })], position },
    };
  }
}

/** Made under this key, but from a line that said something else. */
const isKeyReused = (answer: OperatorAnswer): boolean =>
  'refusals' in answer && answer.refusals.some(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');

async function inTurn(target: ImportTarget, commands: readonly Command[]): Promise<OperatorAnswer[]> {
  const answers: OperatorAnswer[] = [];
  for (const command of commands) {
    const answer = await execute(target, command);
    answers.push(answer);
    if (!answer.accepted) break;
  }
  return answers;
}

async function execute(
  { bus, account }: ImportTarget,
  command: Command,
  idempotencyKey?: string,
): Promise<OperatorAnswer> {
  const context = { ...operatorContext(account), idempotencyKey };
  const [answer] = await bus.executeAll([{ command, context }], { ahead: true });
  if (!answer) throw new Error('An answer is missing.');
  return answer;
}

function chunks<T>(items: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += CHUNK) found.push(items.slice(start, start + CHUNK));
  return found;
}
