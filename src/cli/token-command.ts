import type { Command } from 'commander';
import { loadConfig } from '../config';
import { existingSigningKey, issueToken } from '../http/authentication';
import { userIdIn, withReadModels } from './connections';
import { CliFailure, line } from './output';
import { parseAccount } from './values';

/** `rolebook token <username>`: a token for a user of an account, and nothing else on stdout. */
export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token of a user; send it as “Authorization: Bearer …”')
    .argument('<username>', 'who')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .action(async (username: string, { account }: { account: string }) => {
      await withReadModels(async (readModels) => {
        const user = userIdIn(readModels, account, username);
        if (readModels.view(account).users([user]).get(user)?.status !== 'ACTIVE')
          throw new CliFailure(`The user ${username} is not active.`);
        const config = loadConfig();
        const signingKey = existingSigningKey(config);
        if (!signingKey)
          throw new CliFailure(
            `There is no signing key ${config.signingKeyFile}; a server makes one when it starts.`,
          );
        line(await issueToken(signingKey, { account, user }));
      });
    });
}
