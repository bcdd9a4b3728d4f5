import path from 'node:path';
import { existsSync } from 'node:fs';
import { withOpenedLog } from '../../app/sealing';
import { openReadOnly } from '../../../projections';
import { NoReadModelsError } from '../../../projections/view';
import type { EventStore } from '../../event-store/port/event-store';
import { projectAside } from '../../operations/log/aside';
import { verifyLog, type LogReport, type VerifyOptions } from '../../operations/log/verify';
import { configOf, withLog } from '../log';
import { withPositions, type LogPositions } from '../positions';
import { message, printTable } from '../output';
import { stepProgress } from '../progress';

export interface VerifyCommandOptions {
  readonly log?: string;
  readonly until?: string;
  readonly expect?: string;
  readonly tables?: boolean;
  readonly json?: boolean;
}

/** `rolebook log verify`: prints the findings, and the checks made and not made. Exit code 1 for any fault. */
export async function verify(options: VerifyCommandOptions): Promise<void> {
  const { dataDirectory, eventStoreUrl } = configOf(options.log);
  const contiguous = eventStoreUrl === null;
  await withLog(
    async (store) => {
      await withPositions(store, { directory: dataDirectory, account: null }, async (positions) => {
        const { known, lost } = await knownOf(options, positions);
        const shown = stepProgress();
        const onProgress = (done: number, total: number | null): void =>
          shown.update('Checking events', done, total);
        const report = await verifyLog(store, onProgress, { contiguous, known });
        const ofTables = options.tables
          ? await withOpenedLog(store, configOf(options.log), async (opened, isReadable) =>
              isReadable ? compareTables(opened, dataDirectory, shown.update) : [NO_NAMES],
            )
          : [];
        shown.finish();
        print(report, [...lost, ...report.faults, ...ofTables], positions, options.json ?? false);
        for (const line of said(contiguous, options, lost.length === 0)) message(line);
      });
    },
    { named: options.log },
  );
}

const NO_NAMES =
  'the read models were not compared: they hold names, and without the key book and its master key none can be read here';

/** Finds the event that was noted; `lost`: the fault, where it is not there any more. */
async function knownOf(
  { until, expect }: VerifyCommandOptions,
  positions: LogPositions,
): Promise<{ readonly known?: VerifyOptions['known']; readonly lost: readonly string[] }> {
  if (until === undefined || expect === undefined) return { lost: [] };
  const place = await positions.find(until, ({ message }) => `the position that was noted: ${message}`);
  if (typeof place === 'string') return { lost: [place] };
  return { known: { position: place.position, digest: expect.toLowerCase() }, lost: [] };
}

function print(
  { format, events, streams, voided, place, digest }: LogReport,
  faults: readonly string[],
  positions: LogPositions,
  json: boolean,
): void {
  const position = place === null ? '' : positions.encode(place);
  printTable(
    ['events', 'streams', 'voided', 'faults', 'position', 'digest', 'format'],
    [[events, streams, voided, faults.length, position, digest, format]],
    json,
  );
  for (const fault of faults) message(fault);
  if (faults.length > 0) process.exitCode = 1;
}

/** Projects the log into temporary tables as far as the existing ones reach, and compares. */
async function compareTables(
  store: EventStore,
  directory: string,
  onProgress: (step: string, done: number, total: number | null) => void,
): Promise<string[]> {
  if (!existsSync(directory)) return [`there are no read models in ${directory}`];
  let digest: string;
  try {
    const tables = openReadOnly(directory);
    digest = await tables.digest().finally(() => tables.close());
  } catch (error) {
    if (error instanceof NoReadModelsError) return [error.message];
    throw error;
  }
  const events = Number(digest.split(':')[0]);
  const anew = await projectAside(store, {
    directory,
    events,
    onProgress: ({ done }) => onProgress('Projecting events', done, events),
  });
  const stopped = anew.newer === null ? anew.poison : `this program is too old for ${anew.newer.type}`;
  if (anew.ordinal < events && stopped !== null)
    return [`the log cannot be projected as far as the tables in ${path.resolve(directory)}: ${stopped}`];
  return anew.digest === digest
    ? []
    : [`the tables in ${path.resolve(directory)} (${digest}) differ from a rebuild (${anew.digest})`];
}

/** Lists the checks made and not made, so that one that was not made is not taken for one without findings. */
function said(
  contiguous: boolean,
  { until, tables = false }: VerifyCommandOptions,
  foundNoted: boolean,
): string[] {
  const known = until !== undefined && foundNoted;
  return [
    'Checked: every event against its definition; revisions of each stream without a gap; appends whole; the list of void events.',
    contiguous
      ? 'Checked: positions without a gap, so no event was taken away before the last one.'
      : 'Not checked: whether the last events of a stream are missing; this store cannot tell. Note position and digest, and give them as --until and --expect.',
    known
      ? 'Checked: up to the noted position the log is, byte for byte, what it was then.'
      : 'Not checked: whether what is there is what was recorded. Note position and digest somewhere else, and give them later as --until and --expect.',
    tables
      ? 'Checked: the read models against the log.'
      : 'Not checked: the read models against the log (--tables), which also shows events that cannot be applied after those before them.',
  ];
}
