import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import { issueOperatorToken, issueToken } from '../../http/authentication/local-tokens';
import { existingSigningKey, type SigningKey } from '../../http/authentication/signing-key';
import { userIdIn, withReadModels } from '../connections';
import { CliError, line } from '../output';
import { parseAccount } from '../values';

/** `rolebook token <username>`: a token for a user of an account, or for an operator, and nothing else on stdout. */
export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token of a user, or of an operator; send it as “Authorization: Bearer …”')
    .argument('[username]', 'who')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .option('--operator', 'a token of an operator: good for an hour, and for every account')
    .action(async (username: string | undefined, { account, operator = false }: TokenOptions) => {
      if ((username !== undefined) === operator)
        program.error('Name a user, or give --operator.', { exitCode: 2 });
      if (username === undefined) {
        await line(await issueOperatorToken(demandSigningKey()));
        return;
      }
      await withReadModels(async (readModels) => {
        const user = userIdIn(readModels, account, username);
        if (readModels.view(account).users([user]).get(user)?.status !== 'ACTIVE')
          throw new CliError(`The user ${username} is not active.`);
        await line(await issueToken(demandSigningKey(), { account, user }));
      });
    });
}

interface TokenOptions {
  readonly account: string;
  readonly operator?: boolean;
}

function demandSigningKey(): SigningKey {
  const config = loadConfig();
  const signingKey = existingSigningKey(config);
  if (signingKey) return signingKey;
  throw new CliError(`There is no signing key ${config.signingKeyFile}; a server makes one when it starts.`);
}
