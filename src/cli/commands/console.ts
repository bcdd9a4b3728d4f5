import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import { signInLink } from '../../http/console/sign-in-codes';
import { demandSigningKey } from '../signing-key';
import { userIdIn, withReadModels } from '../connections';
import { CliError, line } from '../output';
import { runningServer } from '../running-server';
import { parseAccount } from '../values';

/** `rolebook console link <username>`: a link that signs a person in to the console, and nothing else on stdout. */
export function addConsole(program: Command): void {
  program
    .command('console')
    .description('the console in the browser')
    .command('link')
    .description(
      'print a link that signs somebody in to the console of the running server: once, within 10 minutes',
    )
    .argument('<username>', 'who')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .action((username: string, { account }: { readonly account: string }) => printLink(username, account));
}

async function printLink(username: string, account: string): Promise<void> {
  const config = loadConfig();
  if (config.oidc !== null)
    throw new CliError(
      'The settings name an issuer of access tokens (ROLEBOOK_OIDC_...): people sign in there.',
    );
  const server = runningServer(config);
  if (server === null)
    throw new CliError(
      'No server runs on this data folder; it prints a link itself when it starts on the demo.',
    );
  await withReadModels(async (readModels) => {
    const user = userIdIn(readModels, account, username);
    const { status, kind } = readModels.view(account).users([user]).get(user) ?? {};
    if (status !== 'ACTIVE') throw new CliError(`The user ${username} is not active.`);
    if (kind !== 'PERSON')
      throw new CliError(`The user ${username} is a service user, who signs in nowhere.`);
    await line(await signInLink(demandSigningKey(), { account, user, server: server.url }, config));
  });
}
