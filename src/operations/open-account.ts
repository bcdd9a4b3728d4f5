import { placed, type Command, type InputRefusal } from '../commands/command';
import { decideOpen, NEW_ACCOUNT } from '../domain/account/account';
import type { Catalogue } from '../domain/catalogue/catalogue';
import { decideRegister } from '../domain/user/profile';
import { NEW_USER } from '../domain/user/user';
import { ACCOUNT_ADMIN } from '../domain/vocabulary';
import type { Position } from '../event-store/port/event-store';
import type { View } from '../../projections/view';
import { operatorContext } from '../operator/operator';
import type { OperatorAnswer } from '../operator/operator-bus';
import { registerByUsername, type OperatorTarget } from './register-user';

export interface AccountOpening {
  readonly name: string;
  readonly features: readonly string[];
  readonly adminUsername: string;
}

/** Code of the refusal to open an account that has an account admin: its opening is complete. */
export const ACCOUNT_OPEN = 'ACCOUNT_OPEN';

/** Time limit of the wait until the tables show events that are known to be in the log, in milliseconds. */
const WAIT_MS = 30_000;
/** Number of attempts; one fails if another operator changed the account admins concurrently. */
const MAX_ATTEMPTS = 5;
const NAMED_ADMINS = 5;

/**
 * Opens an account with its first account admin. All possible faults are checked before the first append. Repeating it
 * with the same admin completes an interrupted opening; an account that has another admin is refused as `ACCOUNT_OPEN`,
 * also if two operators open it at once. `written` of the answer counts the events of all steps.
 */
export async function openAccount(target: OperatorTarget, wanted: AccountOpening): Promise<OperatorAnswer> {
  const { readModels, account } = target;
  const malformed = faultsOfOpening(account, wanted, readModels.view(account).catalogue());
  if (malformed.length > 0) return { accepted: false, refusals: malformed, position: null };

  const opened = await execute(target, { type: 'openAccount', name: wanted.name, features: wanted.features });
  if (!opened.accepted) return opened;
  let { position, written } = opened;
  for (let attempt = 1; ; attempt += 1) {
    if (!(await isShown(target, position))) return notShown(account);
    const view = readModels.view(account);
    const admins = await adminsOf(view);
    if (admins.length > 0)
      return isAdmin(view, wanted.adminUsername) ? { ...opened, position, written } : isOpen(account, admins);
    const answer = await firstAdmin(target, view, wanted.adminUsername);
    if (!answer.accepted) return answer;
    written += answer.written;
    // The assignment is decided on tables that must show the user.
    if (!(await isShown(target, answer.position))) return notShown(account);
    // The version differs if somebody became account admin since the tables were read.
    const expectedVersion = view.roles([ACCOUNT_ADMIN]).get(ACCOUNT_ADMIN)?.version ?? 0;
    const assigning: Command = { type: 'assignUsers', role: ACCOUNT_ADMIN, userIds: [answer.owner.id] };
    const assigned = await execute(target, assigning, expectedVersion);
    if (assigned.accepted) return { ...assigned, written: written + assigned.written };
    if (!isOvertaken(assigned) || attempt === MAX_ATTEMPTS) return assigned;
    ({ position } = assigned);
  }
}

type Refused = Extract<OperatorAnswer, { refusals: unknown }>;

/** Faults of a request to open an account, by the rules that its commands are decided on later. */
function faultsOfOpening(
  account: string,
  wanted: AccountOpening,
  catalogue: Catalogue,
): readonly InputRefusal[] {
  const { name, features, adminUsername } = wanted;
  // No rule is about the id, which is made when the user is registered.
  const admin = { user: 'admin', username: adminUsername, name: adminUsername };
  const decisions = [
    ['openAccount', decideOpen({ account, name, features }, NEW_ACCOUNT, { catalogue })],
    ['registerUser', decideRegister(admin, NEW_USER)],
  ] as const;
  return decisions.flatMap(([type, decision]) =>
    decision.accepted ? [] : decision.refusals.map((each) => placed(each, type)),
  );
}

/** The user who is to be the first admin: in a half-open account they may exist already. */
async function firstAdmin(target: OperatorTarget, view: View, username: string): Promise<OperatorAnswer> {
  const known = [...view.userIds([username]).values()][0];
  if (known === undefined) return (await registerByUsername(target, { username, name: username })).answer;
  return { accepted: true, owner: { kind: 'user', id: known }, position: null, written: 0 };
}

const isShown = async ({ readModels }: OperatorTarget, position: Position | null): Promise<boolean> =>
  position === null || readModels.waitFor(position, WAIT_MS);

async function execute(
  { bus, account, record }: OperatorTarget,
  command: Command,
  expectedVersion?: number,
): Promise<OperatorAnswer> {
  const context = { ...operatorContext(account, record), expectedVersion };
  const [answer] = await bus.executeAll([{ command, context }]);
  if (!answer) throw new Error('An answer is missing.');
  return answer;
}

/** Usernames of some of the account admins. */
async function adminsOf(view: View): Promise<string[]> {
  const { items } = await view.roleUsers(ACCOUNT_ADMIN, {}, null, { first: NAMED_ADMINS });
  return items.map(({ item }) => item.user.username);
}

function isAdmin(view: View, username: string): boolean {
  const user = [...view.userIds([username]).values()][0];
  return user !== undefined && Boolean(view.rolesOf([user]).get(user)?.includes(ACCOUNT_ADMIN));
}

const isOvertaken = (answer: OperatorAnswer): answer is Refused =>
  'refusals' in answer && answer.refusals.some(({ code }) => code === 'VERSION_CONFLICT');

function isOpen(account: string, admins: readonly string[]): OperatorAnswer {
  const are = admins.length === 1 ? 'its account admin is' : 'among its account admins are';
  const message =
    `The account ${account} is open; ${are} ${admins.join(', ')}. Nothing was changed. ` +
    `Another of its users becomes account admin by: rolebook account appoint ${account} <username> --reason <text>`;
  return { accepted: false, error: { code: ACCOUNT_OPEN, message } };
}

function notShown(account: string): OperatorAnswer {
  const message = `The account ${account} is open, but the read models do not show it yet. Ask again.`;
  return { accepted: false, error: { code: 'STALE_REPLICA', message } };
}
