import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import type { Catalogue } from '../../domain/catalogue/catalogue';
import type { ExternalIdentity } from '../../domain/user/events';
import { openAccount } from '../../operations/open-account';
import { ACCOUNT_ADMIN } from '../../domain/vocabulary';
import { accepted } from '../answers';
import { withOperator } from '../connections';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { message } from '../output';
import { parseAccount } from '../values';
import { shellCommand } from '../shell';

interface OpenOptions extends RecordOptions {
  readonly admin: string;
  readonly name?: string;
  readonly features: string;
  readonly issuer?: string;
  readonly subject?: string;
}

/** `rolebook account open` and `rolebook account appoint`. */
export function addAccount(program: Command): void {
  const account = program.command('account').description('open accounts, appoint account admins');
  onRecord(
    account
      .command('open')
      .description(
        'open an account and register its first account admin; again, it completes what is missing',
      )
      .argument('<id>', '1 to 64 of A-Z a-z 0-9 _ -', parseAccount)
      .requiredOption('--admin <username>', 'username of the first account admin')
      .option('--name <name>', 'name of the account; default its id')
      .option('--features <list>', '“all”, or keys separated by commas', 'all')
      .option('--issuer <url>', 'with --subject: URL of the issuer that knows the admin')
      .option('--subject <text>', 'with --issuer: subject by which it does; linked to the admin'),
  ).action(async (id: string, { issuer, subject, ...options }: OpenOptions) => {
    if ((issuer === undefined) !== (subject === undefined))
      program.error('Give --issuer and --subject together.', { exitCode: 2 });
    const identity = issuer === undefined || subject === undefined ? null : { issuer, subject };
    await open(id, options, identity);
  });
  onRecord(
    account
      .command('appoint')
      .description('make a user an account admin, on the record, when nobody in the account can')
      .argument('<id>', 'the account', parseAccount)
      .argument('<username>', 'the user'),
    { reasonRequired: true },
  ).action(appoint);
}

async function open(
  id: string,
  options: Omit<OpenOptions, 'issuer' | 'subject'>,
  identity: ExternalIdentity | null,
): Promise<void> {
  await withOperator(async ({ bus, readModels, catalogue }) => {
    const target = { bus, readModels, account: id, record: recordOf(options) };
    const { written } = accepted(
      await openAccount(target, {
        name: options.name ?? id,
        features: featuresOf(options.features, catalogue()),
        adminUsername: options.admin,
        identity,
      }),
    );
    message(
      written > 0
        ? `The account ${id} is open; ${options.admin} is its account admin.`
        : `The account ${id} was open, with ${options.admin} as account admin; its name and features stay as they are.`,
    );
    // With an issuer the server takes the tokens of the issuer alone.
    if (loadConfig().oidc === null) message(`A token: ${tokenCommand(id, options.admin)}`);
  });
}

/** A name that begins with a hyphen would be taken for an option. */
function tokenCommand(account: string, username: string): string {
  const words = ['--account', account];
  return shellCommand(
    ...['npx', 'rolebook', 'token'],
    ...(username.startsWith('-') ? [...words, '--', username] : [username, ...words]),
  );
}

async function appoint(id: string, username: string, options: RecordOptions): Promise<void> {
  await withOperator(async (operator) => {
    const user = operator.userId(id, username);
    const command = { type: 'assignUsers', role: ACCOUNT_ADMIN, userIds: [user] } as const;
    await operator.run(command, id, recordOf(options));
    message(`${username} is an account admin of ${id}.`);
  });
}

function featuresOf(list: string, catalogue: Catalogue): string[] {
  if (list !== 'all')
    return list
      .split(',')
      .map((key) => key.trim())
      .filter(Boolean);
  return catalogue.content.features.filter(({ retired }) => !retired).map(({ key }) => key);
}
