import type { Command } from 'commander';
import { counted } from '../../domain/text';
import { isId } from '../../domain/vocabulary';
import { registerByUsername } from '../../operations/register-user';
import { erasuresIn, writeErasures } from '../../operations/backup/erasure-list';
import { accepted } from '../answers';
import { demandAccountIn, withOperator, type Operator } from '../connections';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { withLog } from '../log';
import { CliError, line, message } from '../output';
import { progress } from '../progress';
import { parseAccount, plainId } from '../values';

interface UserOptions extends RecordOptions {
  readonly account: string;
}

/** `rolebook user register`, `rolebook user erase`, `rolebook user release` and `rolebook user erasures`. */
export function addUser(program: Command): void {
  const user = program
    .command('user')
    .description('register and erase users, release their usernames, list erasures');
  onRecord(
    user
      .command('register')
      .description('register a user, without roles; again, it finds the same user')
      .argument('<username>', 'the username')
      .requiredOption('--account <id>', 'the account', parseAccount)
      .option('--name <name>', 'the name to show; default the username')
      .option('--service', 'a service user: a program that calls by API keys'),
  ).action(register);
  const ofAccount = (command: Command): Command =>
    onRecord(command.requiredOption('--account <id>', 'the account', parseAccount), { reasonRequired: true });
  ofAccount(
    user
      .command('erase')
      .description(
        'erase a user for ever: the names go, from the past too, and the roles end; again, it completes it',
      )
      .argument('<user>', 'username, or id as User:<id>'),
  ).action(erase);
  ofAccount(
    user
      .command('release')
      .description('let another user be registered under the username that an erased user had')
      .argument('<username>', 'the username'),
  ).action(release);
  user
    .command('erasures')
    .description(
      'print the list of all erasures, ids alone, to be kept in a file: rolebook restore --erasures makes them again',
    )
    .option(
      '--log <log>',
      'a kurrentdb:// or esdb:// address, or a data folder; default the log of the settings',
    )
    .action(({ log }: { log?: string }) => list(log));
}

interface RegisterOptions extends UserOptions {
  readonly name?: string;
  readonly service?: boolean;
}

async function register(username: string, options: RegisterOptions): Promise<void> {
  const { account, name = username, service = false } = options;
  await withOperator(async ({ bus, readModels }) => {
    demandAccountIn(readModels, account);
    const target = { bus, readModels, account, record: recordOf(options) };
    const kind = service ? 'SERVICE' : 'PERSON';
    const { answer } = await registerByUsername(target, { username, name, kind });
    const { owner, written } = accepted(answer);
    message(
      `The ${service ? 'service user' : 'user'} ${username} (User:${owner.id}) ${written > 0 ? 'is registered' : 'was there already'}.`,
    );
  });
}

async function erase(text: string, options: UserOptions): Promise<void> {
  const { account } = options;
  await withOperator(async (operator) => {
    const user = userOf(operator, account, text);
    const { written } = await operator.run({ type: 'eraseUser', user }, account, recordOf(options));
    message(
      written > 0
        ? `The user ${user} of the account ${account} is erased.`
        : `The user ${user} of the account ${account} was erased already; nothing is left to do.`,
    );
  });
}

async function list(log: string | undefined): Promise<void> {
  const reading = progress('Reading events');
  const found = await withLog((store) => erasuresIn(store, () => new Date(), reading.update), {
    named: log,
  });
  reading.finish();
  await line(writeErasures(found).trimEnd());
  message(`${counted(found.erasures.length, 'erasure')}, as of ${found.asOf}.`);
}

async function release(username: string, options: UserOptions): Promise<void> {
  const { account } = options;
  await withOperator(async (operator) => {
    demandAccountIn(operator.readModels, account);
    const command = { type: 'releaseUsername', username } as const;
    const { written } = await operator.run(command, account, recordOf(options));
    message(
      written > 0
        ? `The username ${username} can be registered again in the account ${account}.`
        : `The username ${username} was released already.`,
    );
  });
}

/**
 * Id of the user whom a text names: a username, or an id, since an erased user has no username.
 * @throws CliError if it names nobody, or one user by username and another by id
 */
function userOf({ readModels }: Operator, account: string, text: string): string {
  demandAccountIn(readModels, account);
  const view = readModels.view(account);
  const id = plainId('User', text);
  const byUsername = view.userIds([text]).get(text);
  const byId = isId(id) ? view.users([id]).get(id)?.id : undefined;
  if (byUsername !== undefined && byId !== undefined && byUsername !== byId)
    throw new CliError(
      `${text} is the username of User:${byUsername} and the id of another user. Give User:${byUsername} or User:${byId}.`,
    );
  const user = byUsername ?? byId;
  if (user === undefined) throw new CliError(`No user ${text} in the account ${account}.`);
  return user;
}
