import { verifyLog, type LogReport, type VerifyOptions } from '../../operations/log/verify';
import { faultsOfTables } from '../compare-tables';
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
          ? await faultsOfTables(store, configOf(options.log), shown.update)
          : [];
        shown.finish();
        print(report, [...lost, ...report.faults, ...ofTables], positions, options.json ?? false);
        for (const line of said(contiguous, options, lost.length === 0)) message(line);
      });
    },
    { named: options.log },
  );
}

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
