import type { Command } from 'commander';
import { pagesOf } from '../../operations/transfer/pages';
import type { IdentityRow, View } from '../../../projections/view';
import { demandAccountIn, userIdIn, withOperator, withReadModels } from '../connections';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { message, printTable } from '../output';
import { parseAccount } from '../values';

interface ChangeOptions extends RecordOptions {
  readonly account: string;
  readonly issuer: string;
  readonly subject: string;
}

interface ListOptions {
  readonly account: string;
  readonly json?: boolean;
}

/** `rolebook identity link`, `rolebook identity unlink` and `rolebook identity list`. */
export function addIdentity(program: Command): void {
  const identity = program
    .command('identity')
    .description('the identities that issuers of tokens know users by: link, unlink, list');
  const ofUser = (command: Command): Command =>
    onRecord(
      command
        .argument('<username>', 'the user')
        .requiredOption('--issuer <url>', 'URL of the issuer, as its tokens name it')
        .requiredOption('--subject <text>', 'subject by which the issuer knows the user')
        .option('--account <id>', 'the account', parseAccount, 'demo'),
    );
  ofUser(
    identity
      .command('link')
      .description(
        'let whoever signs in at the issuer under the subject be the user; again, it changes nothing',
      ),
  ).action(link);
  ofUser(
    identity.command('unlink').description('end that; the identity may be linked to another user then'),
  ).action(unlink);
  identity
    .command('list')
    .description('print the identities of one user, or of all users of the account')
    .argument('[username]', 'the user')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .option('--json', 'print as JSON')
    .action(list);
}

async function link(username: string, options: ChangeOptions): Promise<void> {
  const written = await change('linkUserIdentity', username, options);
  message(
    written > 0
      ? `Whoever signs in at ${options.issuer} under that subject is ${username} of the account ${options.account}.`
      : `The identity is linked to ${username} of the account ${options.account} already.`,
  );
}

async function unlink(username: string, options: ChangeOptions): Promise<void> {
  const written = await change('unlinkUserIdentity', username, options);
  message(
    written > 0
      ? `The identity is not linked to ${username} of the account ${options.account} any more.`
      : `${username} of the account ${options.account} has no such identity: nothing was changed.`,
  );
}

/** Number of events that were written. */
async function change(
  type: 'linkUserIdentity' | 'unlinkUserIdentity',
  username: string,
  { account, issuer, subject, ...record }: ChangeOptions,
): Promise<number> {
  return withOperator(async (operator) => {
    const user = operator.userId(account, username);
    const command = { type, user, issuer, subject } as const;
    return (await operator.run(command, account, recordOf(record))).written;
  });
}

const COLUMNS = ['username', 'issuer', 'subject', 'linked at'];

async function list(username: string | undefined, { account, json = false }: ListOptions): Promise<void> {
  await withReadModels(async (readModels) => {
    demandAccountIn(readModels, account);
    const view = readModels.view(account);
    const rows: string[][] = [];
    if (username === undefined) {
      for await (const users of pagesOf((page) =>
        view.userList({}, { field: 'USERNAME', direction: 'ASC' }, page),
      ))
        rows.push(...rowsOf(view, users));
    } else {
      const id = userIdIn(readModels, account, username);
      rows.push(...rowsOf(view, view.users([id]).values()));
    }
    printTable(COLUMNS, rows, json);
  });
}

function rowsOf(view: View, users: Iterable<{ readonly id: string; readonly username: string }>): string[][] {
  const named = [...users];
  const identities = view.identities(named.map(({ id }) => id));
  const row = (username: string, { issuer, subject, linkedAt }: IdentityRow): string[] => [
    username,
    issuer,
    subject ?? '(not readable)',
    linkedAt.toISOString(),
  ];
  return named.flatMap(({ id, username }) => (identities.get(id) ?? []).map((each) => row(username, each)));
}
