import type { Command } from 'commander';
import { openAccount, operatorContext } from '../operations/open-account';
import type { OperatorAnswer } from '../operations/operator-bus';
import { ACCOUNT_ADMIN } from '../domain/vocabulary';
import { withOperator } from './connections';
import { CliFailure, message } from './output';
import { parseAccount } from './values';

/** `rolebook account open` and `rolebook account appoint`. */
export function addAccount(program: Command): void {
  const account = program.command('account').description('open accounts, appoint account admins');
  account
    .command('open')
    .description('open an account and register its first account admin; again, it completes what is missing')
    .argument('<id>', '1 to 64 of A-Z a-z 0-9 _ -', parseAccount)
    .requiredOption('--admin <username>', 'username of the first account admin')
    .option('--name <name>', 'name of the account; default its id')
    .option('--features <list>', '“all”, or keys separated by commas', 'all')
    .action(async (id: string, options: { admin: string; name?: string; features: string }) => {
      await withOperator(async (operator) => {
        const features =
          options.features === 'all'
            ? operator
                .catalogue()
                .content.features.filter(({ retired }) => !retired)
                .map(({ key }) => key)
            : options.features
                .split(',')
                .map((key) => key.trim())
                .filter(Boolean);
        checked(
          await openAccount(operator.bus, {
            account: id,
            name: options.name ?? id,
            features,
            adminUsername: options.admin,
          }),
        );
        message(`The account ${id} is open; ${options.admin} is its account admin.`);
        message(`A token: npx rolebook token ${options.admin} --account ${id}`);
      });
    });
  account
    .command('appoint')
    .description('make a user an account admin, on the record, when nobody in the account can')
    .argument('<id>', 'the account', parseAccount)
    .argument('<username>', 'the user')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(async (id: string, username: string, options: { reason: string }) => {
      await withOperator(async (operator) => {
        const user = operator.userId(id, username);
        const [answer] = await operator.bus.executeAll([
          {
            command: { type: 'assignUsers', role: ACCOUNT_ADMIN, userIds: [user] },
            context: operatorContext(id, options.reason),
          },
        ]);
        checked(answer);
        message(`${username} is an account admin of ${id}.`);
      });
    });
}

function checked(answer: OperatorAnswer | undefined): void {
  if (!answer || answer.accepted) return;
  if ('error' in answer) throw new CliFailure(`${answer.error.code}: ${answer.error.message}`);
  throw new CliFailure(answer.refusals.map(({ code, message: text }) => `${code}: ${text}`).join('\n'));
}
