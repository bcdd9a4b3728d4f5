import type { Command } from 'commander';
import { withApplication, withReadModels } from '../connections';
import { line, message } from '../output';

/** `rolebook rebuild` and `rolebook digest`. */
export function addReadModels(program: Command): void {
  program
    .command('rebuild')
    .description('rebuild the read models from the log, beside the old ones, and swap them in')
    .action(() =>
      withApplication(
        async ({ readModels }) => {
          await readModels.rebuild();
          message(`Rebuilt: ${readModels.status().ordinal.toLocaleString('en')} events.`);
        },
        { look: true },
      ),
    );
  program
    .command('digest')
    .description('a digest of the read models: equal on all replicas at the same position of the log')
    .action(() =>
      withReadModels(async (readModels) => {
        await line(await readModels.digest());
      }),
    );
}
