import type { Command, InputRefusal } from '../commands/command';
import { MAX_GENERATIONS } from '../commands/inputs';
import type { UserKind } from '../domain/user/events';
import { sameName } from '../domain/text';
import type { ExternalIdentity } from '../domain/user/events';
import type { ReadModels } from '../../projections/view';
import { operatorContext, type OnRecord } from '../operator/operator';
import type { OperatorAnswer, OperatorBus, OperatorItem } from '../operator/operator-bus';

/** An account as an operator's commands change it. */
export interface OperatorTarget {
  readonly bus: OperatorBus;
  readonly readModels: ReadModels;
  readonly account: string;
  readonly record: OnRecord;
}

export type Registration = Extract<Command, { type: 'registerUser' }>;

/** A user who is registered under an id that is made from the username. */
export interface NewUser {
  readonly username: string;
  readonly name: string;
  /** Id by which another directory of the company knows the user; null, or left out: none is given. */
  readonly externalId?: string | null;
  /** Identity to link to one who is not there yet; null, or left out: none. */
  readonly identity?: ExternalIdentity | null;
  /** Null, or left out: a person. */
  readonly kind?: UserKind | null;
}

/** Answer to a registration. */
export interface Registered {
  readonly answer: OperatorAnswer;
  /** True if somebody was found who has no external id, or another one than the registration. */
  readonly differs: boolean;
}

/** Time limit of the wait until the tables show a user who is known to be in the log, in milliseconds. */
const WAIT_MS = 30_000;

/** The id is made where the command is decided, since the secret of the account may be in it; the answer has it. */
export const registration = (
  { username, name, externalId, kind, identity }: NewUser,
  generation = 1,
): NamedRegistration => ({
  type: 'registerUser',
  generation,
  username,
  name,
  ...(externalId == null ? {} : { externalId }),
  ...(identity == null ? {} : { identity }),
  // A person is the default: the command is the same as one that says so.
  ...(kind === 'SERVICE' ? { kind } : {}),
});

/** A registration that names the user, not only by the username. */
export type NamedRegistration = Registration & { readonly name: string };

/**
 * Registers a user under an id made from the username, and skips the ids of users who were renamed or erased since: a
 * username that an erased user had is refused unless it was released. Somebody who has the username under an id of
 * another make, as clients give them and copies of a log in clear keep them, is the user. `first`: the answer for the first
 * id, if it was requested already. Whoever is there already is found whatever their external id, which `differs` then.
 */
export async function registerByUsername(
  target: OperatorTarget,
  user: NewUser,
  first?: OperatorAnswer,
): Promise<Registered> {
  const context = operatorContext(target.account, target.record);
  const { externalId = null, identity: _linked, kind: _kind, ...names } = user;
  const ofKind = user.kind === 'SERVICE' ? { kind: user.kind } : {};
  const find = async (command: Registration): Promise<Registered> => ({
    answer: await ask(target.bus, { command, context }),
    differs: externalId !== null,
  });
  for (let generation = 1; ; generation += 1) {
    const asked = generation === 1 ? first : undefined;
    const answer = asked ?? (await ask(target.bus, { command: registration(user, generation), context }));
    if (generation === MAX_GENERATIONS) return { answer, differs: false };
    if (isOfErased(answer)) continue;
    const holder = holderOf(answer);
    if (holder !== null) return find({ type: 'registerUser', user: holder, ...names, ...ofKind });
    const taken = takenId(answer);
    if (taken === null) return { answer, differs: false };
    const held = await usernameOf(target, taken, answer);
    if (held === null || sameName(held, user.username))
      return externalId === null
        ? { answer, differs: false }
        : find(registration({ ...names, ...ofKind }, generation));
  }
}

/** The same for an id that the file has. `first`: the answer to the registration. */
export async function registerUnderId(
  target: OperatorTarget,
  { externalId = null, ...command }: Registration,
  first: OperatorAnswer,
): Promise<Registered> {
  if (externalId === null || takenId(first) === null) return { answer: first, differs: false };
  const context = operatorContext(target.account, target.record);
  return { answer: await ask(target.bus, { command, context }), differs: externalId !== null };
}

/** The id, if a registration was refused because it is another user's, or the same user's under another name. */
export const takenId = (answer: OperatorAnswer): string | null =>
  ('refusals' in answer ? answer.refusals.find(isOfTakenId)?.ids?.[0] : undefined) ?? null;

/** The user who has the username under another id, if a registration was refused for that. */
export const holderOf = (answer: OperatorAnswer): string | null =>
  ('refusals' in answer
    ? answer.refusals.find(({ code }) => code === 'USERNAME_TAKEN')?.ids?.[0]
    : undefined) ?? null;

/** True if a registration was refused because its id is an erased user's, and so never another's. */
export const isOfErased = (answer: OperatorAnswer): boolean =>
  'refusals' in answer && answer.refusals.some(({ code }) => code === 'USER_ERASED');

/** True for the refusal that says so. */
export const isOfTakenId = ({ code, field, ids }: InputRefusal): boolean =>
  code === 'INVALID_INPUT' && field?.[0] === 'user' && Boolean(ids?.length);

async function ask(bus: OperatorBus, item: OperatorItem): Promise<OperatorAnswer> {
  const [answer] = await bus.executeAll([item], { ahead: true });
  if (!answer) throw new Error('An answer is missing.');
  return answer;
}

/** Username of a user now, or at least as of the refusal; null if the tables do not have the user. */
async function usernameOf(
  { readModels, account }: OperatorTarget,
  user: string,
  answer: OperatorAnswer,
): Promise<string | null> {
  if ('position' in answer && answer.position !== null) await readModels.waitFor(answer.position, WAIT_MS);
  return readModels.view(account).users([user]).get(user)?.username ?? null;
}
