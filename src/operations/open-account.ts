import { placed, type Command, type InputRefusal } from '../commands/command';
import { decideOpen, NEW_ACCOUNT } from '../domain/account/account';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { ExternalIdentity } from '../domain/user/events';
import { identityFaults } from '../domain/user/identities';
import { decideRegister } from '../domain/user/profile';
import { accept, refuse, type Decision, type Refusal } from '../domain/refusal';
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
  /** Identity to link to the admin; null, or left out: none. */
  readonly identity?: ExternalIdentity | null;
}

/** Code of the refusal to open an account that has an account admin: its opening is complete. */
export const ACCOUNT_OPEN = 'ACCOUNT_OPEN';

/** Time limit of the wait until the tables show events that are known to be in the log, in milliseconds. */
const WAIT_MS = 30_000;
/** Number of attempts; one fails if another operator changed the account admins concurrently. */
const MAX_ATTEMPTS = 5;
const NAMED_ADMINS = 5;

/**
 * Opens an account with its first account admin, who has the identity before anything else. All possible faults are checked
 * before the first append. Repeating it with the same admin completes an interrupted opening; an account that has another
 * admin is refused as `ACCOUNT_OPEN`, also if two operators open it at once. `written` of the answer counts the events of
 * all steps.
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
    if (admins.length > 0) {
      const user = adminNamed(view, wanted.adminUsername);
      return user === null
        ? isOpen(account, admins)
        : withIdentity(target, { ...opened, position, written }, { ...wanted, user });
    }
    const answer = await firstAdmin(target, view, wanted);
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
type Accepted = Extract<OperatorAnswer, { accepted: true }>;

/** Faults of a request to open an account, by the rules that its commands are decided on later. */
function faultsOfOpening(
  account: string,
  wanted: AccountOpening,
  catalogue: Catalogue,
): readonly InputRefusal[] {
  const { name, features, adminUsername, identity } = wanted;
  // No rule is about the id, which is made when the user is registered.
  const admin = { user: 'admin', username: adminUsername, name: adminUsername };
  const decisions = [
    ['openAccount', decideOpen({ account, name, features }, NEW_ACCOUNT, { catalogue })],
    ['registerUser', decideRegister(admin, NEW_USER)],
    ['linkUserIdentity', refuseAll(identity ? identityFaults(identity) : [])],
  ] as const;
  return decisions.flatMap(([type, decision]) =>
    decision.accepted ? [] : decision.refusals.map((each) => placed(each, type)),
  );
}

const refuseAll = (refusals: readonly Refusal[]): Decision<never> =>
  refusals.length > 0 ? refuse(...refusals) : accept([]);

/** The user who is to be the first admin: in a half-open account they may exist already. */
async function firstAdmin(
  target: OperatorTarget,
  view: View,
  { adminUsername: username, identity }: AccountOpening,
): Promise<OperatorAnswer> {
  const user = [...view.userIds([username]).values()][0];
  if (user === undefined) {
    // Somebody may be there whom the tables do not show yet: then a registration links nothing.
    const { answer } = await registerByUsername(target, { username, name: username, identity });
    return answer.accepted ? withIdentity(target, answer, { user: answer.owner.id, identity }) : answer;
  }
  const known = { accepted: true, owner: { kind: 'user', id: user }, position: null, written: 0 } as const;
  return withIdentity(target, known, { user, identity });
}

/** Links the identity, if there is one, and adds that to what was done; one that is linked already is no change. */
async function withIdentity(
  target: OperatorTarget,
  done: Accepted,
  { user, identity }: Pick<AccountOpening, 'identity'> & { readonly user: string },
): Promise<OperatorAnswer> {
  if (identity == null) return done;
  const { issuer, subject } = identity;
  const linked = await execute(target, { type: 'linkUserIdentity', user, issuer, subject });
  if (!linked.accepted) return linked;
  return { ...done, position: linked.position, written: done.written + linked.written };
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

/** Id of the account admin of that username; null where there is none. */
function adminNamed(view: View, username: string): string | null {
  const user = [...view.userIds([username]).values()][0];
  return user !== undefined && view.rolesOf([user]).get(user)?.includes(ACCOUNT_ADMIN) ? user : null;
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
