import { randomBytes } from 'node:crypto';
import { InvalidArgumentError, type Command } from 'commander';
import type { ApiKeyRow } from '../../../projections/view';
import { loadConfig } from '../../config/config';
import { API_KEY_RANDOM_BYTES, apiKeyHash, apiKeyPrefix, apiKeyText } from '../../domain/user/api-key';
import { DEFAULT_API_KEY_DAYS, MAX_API_KEY_DAYS } from '../../domain/user/api-keys';
import { API_KEY_USES, openSeenTimes } from '../../http/authentication/last-times';
import { userIdIn, withOperator, withReadModels, type Operator } from '../connections';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { CliError, line, message, printTable, toPeople } from '../output';
import { parseAccount } from '../values';

interface KeyOptions extends RecordOptions {
  readonly account: string;
}

/** `rolebook api-key create`, `rolebook api-key list` and `rolebook api-key revoke`. */
export function addApiKey(program: Command): void {
  const apiKey = program.command('api-key').description('create, list and revoke API keys of service users');
  const ofAccount = (command: Command): Command =>
    command
      .argument('<username>', 'the service user')
      .option('--account <id>', 'the account', parseAccount, 'demo');
  onRecord(
    ofAccount(apiKey.command('create'))
      .description('create an API key, and print its text, which is shown this once, and nothing else')
      .option('--name <name>', 'what uses the key', 'rolebook api-key create')
      .option(
        '--expires <days>',
        `for how long, as in 90d: at most ${MAX_API_KEY_DAYS}d`,
        parseDays,
        DEFAULT_API_KEY_DAYS,
      ),
  ).action(create);
  ofAccount(apiKey.command('list'))
    .description('list the API keys of a service user; the last use is what the server here has noted')
    .option('--json', 'print JSON')
    .action(list);
  onRecord(
    ofAccount(apiKey.command('revoke'))
      .description('revoke an API key')
      .argument('<key>', 'its id, or its first 8 characters'),
  ).action(revoke);
}

function parseDays(text: string): number {
  const days = /^(\d{1,3})d?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) >= 1 && Number(days) <= MAX_API_KEY_DAYS) return Number(days);
  throw new InvalidArgumentError(`Give 1d to ${MAX_API_KEY_DAYS}d.`);
}

interface CreateOptions extends KeyOptions {
  readonly name: string;
  readonly expires: number;
}

/** Draws the key here: its text reaches no server before it is used, and no log. */
async function create(username: string, options: CreateOptions): Promise<void> {
  const { account, name, expires: expiresInDays } = options;
  await withOperator(async (operator) => {
    const user = operator.userId(account, username);
    const secret = apiKeyText(randomBytes(API_KEY_RANDOM_BYTES));
    const drawn = { prefix: apiKeyPrefix(secret), hash: apiKeyHash(secret) };
    const command = { type: 'createApiKey', user, name, expiresInDays, ...drawn } as const;
    const { apiKey } = await operator.run(command, account, recordOf(options));
    message(`The key ${apiKey} of ${username} is valid for ${expiresInDays} days. It is not shown again:`);
    await line(secret);
  });
}

interface ListOptions {
  readonly account: string;
  readonly json?: boolean;
}

const COLUMNS = ['id', 'name', 'key', 'created', 'by', 'expires', 'revoked', 'last used'];

async function list(username: string, { account, json = false }: ListOptions): Promise<void> {
  const uses = openSeenTimes(loadConfig().dataDirectory, API_KEY_USES, toPeople);
  await withReadModels(async (readModels) => {
    const user = userIdIn(readModels, account, username);
    const keys = readModels.view(account).apiKeys([user]).get(user) ?? [];
    const rows = keys.map(({ id, name, prefix, created, expiresAt, revokedAt }) => [
      id,
      name ?? '',
      `${prefix}…`,
      timeText(created.at),
      created.by.id,
      timeText(expiresAt),
      timeText(revokedAt),
      timeText(uses.last({ account, id })),
    ]);
    printTable(COLUMNS, rows, json);
  });
}

const timeText = (time: Date | null): string => time?.toISOString() ?? '';

async function revoke(username: string, named: string, options: KeyOptions): Promise<void> {
  const { account } = options;
  await withOperator(async (operator) => {
    const user = operator.userId(account, username);
    const { id } = keyOf(operator, { account, user, named });
    const command = { type: 'revokeApiKey', user, apiKey: id } as const;
    const { written } = await operator.run(command, account, recordOf(options));
    message(written > 0 ? `The key ${id} of ${username} is revoked.` : `The key ${id} was revoked already.`);
  });
}

interface NamedKey {
  readonly account: string;
  readonly user: string;
  readonly named: string;
}

/** @throws CliError if the text names none of the user’s keys, or several */
function keyOf({ readModels }: Operator, { account, user, named }: NamedKey): ApiKeyRow {
  const keys = readModels.view(account).apiKeys([user]).get(user) ?? [];
  const byId = keys.filter(({ id }) => id === named);
  const found = byId.length > 0 ? byId : keys.filter(({ prefix }) => prefix === named);
  const [key] = found;
  if (!key) throw new CliError(`The user has no API key ${named}.`);
  if (found.length > 1) throw new CliError(`Several API keys begin with ${named}: give the id of one.`);
  return key;
}
