import type { Command } from 'commander';
import type { EventStore } from '../event-store/event-store';
import { compareLogs, copyLog, LogsDiffer } from '../operations/log/copy';
import { verifyLog } from '../operations/log/verify';
import { loadConfig } from '../config';
import { setUpLog } from '../open-log';
import { withLog } from './connections';
import { CliFailure, message, printTable, progress } from './output';

/** `rolebook log copy|verify|setup`. */
export function addLog(program: Command): void {
  const log = program.command('log').description('copy a log, check a log, set up its server');
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
        (source) => withLog((target) => copyAndCompare(source, target), { named: to, write: true }),
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
    .option('--json', 'print as JSON')
    .action(({ log: named, json = false }: { log?: string; json?: boolean }) =>
      withLog((store) => verify(store, json), { named }),
    );
  log
    .command('setup')
    .description('prepare an EventStoreDB server for a user with no more rights than Rolebook needs')
    .option('--own-server', 'nobody else uses the server: close what it leaves open to everyone who signs in')
    .action(({ ownServer = false }: { ownServer?: boolean }) =>
      setUpLog(loadConfig(), { ownServer, onStep: message }),
    );
}

async function verify(store: EventStore, json: boolean): Promise<void> {
  const shown = progress('Checking events');
  const { events, streams, digest, faults } = await verifyLog(store, shown.update);
  shown.finish();
  printTable(['events', 'streams', 'faults', 'digest'], [[events, streams, faults.length, digest]], json);
  for (const fault of faults) message(fault);
  if (faults.length > 0) process.exitCode = 1;
}

async function copyAndCompare(source: EventStore, target: EventStore): Promise<void> {
  const copying = progress('Copying events');
  const { compared, copied } = await copyLog(source, target, { onProgress: copying.update }).catch(asFailure);
  copying.finish();
  const comparing = progress('Comparing events');
  // A server may write to the source meanwhile: what was copied is compared.
  const limit = compared + copied;
  await compareLogs(source, target, { onProgress: comparing.update, limit }).catch(asFailure);
  comparing.finish();
  message(`${copied} events copied, ${compared} were there; the logs are equal.`);
}

function asFailure(error: unknown): never {
  throw error instanceof LogsDiffer ? new CliFailure(error.message) : error;
}
