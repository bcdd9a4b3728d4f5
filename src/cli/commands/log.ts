import type { Command } from 'commander';
import type { EventStore } from '../../event-store/port/event-store';
import { compareLogs, copyLog, LogMismatchError, UnsoundSourceError } from '../../operations/log/copy';
import { loadConfig } from '../../config/config';
import { setUpLog } from '../../app/open-log';
import { withLog } from '../log';
import { onRecord } from '../on-record';
import { CliError, message } from '../output';
import { progress } from '../progress';
import { verify, type VerifyCommandOptions } from './verify';
import { voidLogged, type VoidOptions } from './void';
import { counted } from '../../domain/text';

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
    .action(async ({ from, to }: { from?: string; to: string }) => {
      await withLog(
        (source) =>
          withLog((target) => copyAndCompare(source, target), { named: to, write: true, raw: true }),
        { named: from },
      );
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

async function copyAndCompare(source: EventStore, target: EventStore): Promise<void> {
  const copying = progress('Copying events');
  const { compared, copied, newer } = await copyLog(source, target, { onProgress: copying.update }).catch(
    asFailure,
  );
  copying.finish();
  const comparing = progress('Comparing events');
  // A server may write to the source meanwhile: what was copied is compared.
  const limit = compared + copied;
  await compareLogs(source, target, { onProgress: comparing.update, limit }).catch(asFailure);
  comparing.finish();
  message(`${counted(copied, 'event')} copied, ${compared} were there; the logs are equal.`);
  if (newer > 0)
    message(
      `${counted(newer, 'event')} of a later release copied unchecked: this program is too old for them.`,
    );
  if ((await source.line()) !== (await target.line()))
    message(
      'Positions of the source do not hold in the target, which was begun by an earlier version. Copy into an empty log to have them hold.',
    );
}

function asFailure(error: unknown): never {
  throw error instanceof LogMismatchError || error instanceof UnsoundSourceError
    ? new CliError(error.message)
    : error;
}
