import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import {
  issueOperatorToken,
  issueToken,
  OPERATOR_TOKEN_MS,
  USER_TOKEN_MS,
} from '../../http/authentication/local-tokens';
import { userIdIn, withReadModels } from '../connections';
import { CliError, line } from '../output';
import { demandSigningKey } from '../signing-key';
import { parseAccount, parseDuration } from '../values';

/** `rolebook token <username>`: a token for a user of an account, or for an operator, and nothing else on stdout. */
export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token of a user, or of an operator; send it as “Authorization: Bearer …”')
    .argument('[username]', 'who')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .option(
      '--operator',
      'a token of an operator: good for every account, and for an hour unless --expires says more',
    )
    .option(
      '--expires <duration>',
      'time after which it is refused, as 45m, 12h or 30d; default 30d',
      parseDuration,
    )
    .action(async (username: string | undefined, { account, operator = false, expires }: TokenOptions) => {
      const { oidc } = loadConfig();
      if (oidc !== null) throw new CliError(REFUSED_IN_OIDC);
      if ((username !== undefined) === operator)
        program.error('Name a user, or give --operator.', { exitCode: 2 });
      if (username === undefined) {
        await line(await issueOperatorToken(demandSigningKey(), inTime(expires ?? OPERATOR_TOKEN_MS)));
        return;
      }
      await withReadModels(async (readModels) => {
        const user = userIdIn(readModels, account, username);
        if (readModels.view(account).users([user]).get(user)?.status !== 'ACTIVE')
          throw new CliError(`The user ${username} is not active.`);
        await line(await issueToken(demandSigningKey(), { account, user }, inTime(expires ?? USER_TOKEN_MS)));
      });
    });
}

const REFUSED_IN_OIDC =
  'The settings name an issuer of access tokens (ROLEBOOK_OIDC_...): the server takes its tokens alone, and none that are made here.';

const inTime = (ms: number): { readonly expiresAt: Date } => ({ expiresAt: new Date(Date.now() + ms) });

interface TokenOptions {
  readonly account: string;
  readonly operator?: boolean;
  /** In milliseconds. */
  readonly expires?: number;
}
