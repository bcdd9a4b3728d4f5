import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import { setUpLog } from '../../app/open-log';
import { onRecord } from '../on-record';
import { message } from '../output';
import { copy, type CopyOptions } from './copy';
import { verify, type VerifyCommandOptions } from './verify';
import { voidLogged, type VoidOptions } from './void';

/** Options of a copy that only an encrypted one has. */
const FLAGS = { toMasterKeys: '--to-master-keys', newUserIds: '--new-user-ids', json: '--json' } as const;

/** `rolebook log copy|verify|void|setup`. */
export function addLog(program: Command): void {
  const log = program
    .command('log')
    .description('copy a log, check a log, get past an event of it, set up its server');
  log
    .command('copy')
    .description('copy a log into another and compare them; again, it goes on where it stopped')
    .option(
      '--from <log>',
      'a kurrentdb:// or esdb:// address, or a data folder; default the log of the settings',
    )
    .requiredOption('--to <log>', 'a kurrentdb:// or esdb:// address, or a data folder')
    .option('--encrypt', 'copy a log of format 1 into one of format 2, in which names are encrypted')
    .option(
      '--new-user-ids',
      'with --encrypt: other ids for users whose ids were made from their usernames; clients that keep ids must learn them again',
    )
    .option(
      '--to-master-keys <file>',
      'with --encrypt: what seals the keys of the copy; default that of the folder --to, or of the settings',
    )
    .option('--json', 'with --encrypt: print names that are borne more than once as JSON')
    .action((options: CopyOptions, command: Command) => {
      const alone = (['toMasterKeys', 'newUserIds', 'json'] as const).find((name) => options[name]);
      if (alone && !options.encrypt)
        command.error(`error: ${FLAGS[alone]} goes with --encrypt`, { exitCode: 2 });
      return copy(options);
    });
  log
    .command('verify')
    .description('walk the log and report what is not as it should be')
    .option(
      '--log <log>',
      'a kurrentdb:// or esdb:// address, or a data folder; default the log of the settings',
    )
    .option('--until <position>', 'a position that was noted; with --expect')
    .option('--expect <digest>', 'what the digest was when the log ended there')
    .option(
      '--tables',
      'compare the read models of the data folder with the log too, by building others aside',
    )
    .option('--json', 'print as JSON')
    .action((options: VerifyCommandOptions, command: Command) => {
      if ((options.until === undefined) !== (options.expect === undefined))
        command.error('error: --until and --expect go together', { exitCode: 2 });
      return verify(options);
    });
  const voiding = log
    .command('void')
    .description('declare one event void that no program can apply, on the record: readers pass over it')
    .argument('<event-id>', 'as the log of a server and /health/ready tell it');
  onRecord(voiding, { reasonRequired: true })
    .option('--digest <digest>', 'refuse unless the event has this digest')
    .action((event: string, options: VoidOptions) => voidLogged(event, options));
  log
    .command('setup')
    .description('prepare an EventStoreDB server for a user with no more rights than Rolebook needs')
    .option('--own-server', 'nobody else uses the server: close what it leaves open to everyone who signs in')
    .action(({ ownServer = false }: { ownServer?: boolean }) =>
      setUpLog(loadConfig(), { ownServer, onStep: message }),
    );
}
