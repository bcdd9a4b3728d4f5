import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { openReadOnly } from '../../../projections';
import { NoReadModelsError } from '../../../projections/view';
import { openSeals } from '../../app/open-seals';
import { NoteError, VerifierKey } from '../../transparency/notes/keys';
import { verifySeals, type Verified, type VerifyOptions } from '../../transparency/proof/verify';
import { hasTrees } from '../../transparency/trees/database';
import { TreeFile } from '../../transparency/trees/tree-file';
import { faultsOfTables } from '../compare-tables';
import { configOf, demandAccount, withLog } from '../log';
import { CliError, message, printTable } from '../output';
import { stepProgress } from '../progress';

interface ProofOptions {
  readonly account?: string;
  readonly against?: string;
  readonly key?: string;
  readonly log?: string;
  readonly tables: boolean;
  readonly json?: boolean;
}

/** The option that names another log. */
export const LOG = [
  '--log <log>',
  'a kurrentdb:// or esdb:// address, or a data folder; default the log of the settings',
] as const;

/** `rolebook verify`. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description(
      'compute the log’s trees anew, and compare them with its seals and with a checkpoint that somebody kept',
    )
    .option('--account <account>', 'the tree of this account’s events')
    .option('--against <file>', 'a checkpoint that somebody outside kept')
    .option('--key <key>', 'the public key of the log that somebody outside kept: name+id+base64')
    .option(...LOG)
    .option('--no-tables', 'leave out the comparison of the read models of the data folder')
    .option('--json', 'print as JSON')
    .action((options: ProofOptions) => verifyProof(options));
}

/** Prints the findings. Exit code 1 for any fault. */
async function verifyProof(options: ProofOptions): Promise<void> {
  const wanted = readOptions(options);
  const config = configOf(options.log);
  await withLog(
    async (store) => {
      if (options.account !== undefined) await demandAccount(store, options.account);
      const shown = stepProgress();
      const onProgress = (done: number): void => shown.update('Hashing events', done, null);
      const seals = await openSeals(config, { readOnly: true });
      const trees = hasTrees(config.dataDirectory) ? TreeFile.toRead(config.dataDirectory) : null;
      try {
        const found = await verifySeals({ store, seals, trees, onProgress }, wanted).catch(asRefusal);
        const wantsTables = options.tables && found.faults.length === 0 && hasTables(config.dataDirectory);
        const ofTables = wantsTables ? await faultsOfTables(store, config, shown.update) : [];
        shown.finish();
        print(found, [...found.faults, ...ofTables], options.json ?? false);
        for (const line of said(found, wantsTables)) message(line);
      } finally {
        trees?.close();
        await seals.close();
      }
    },
    { named: options.log },
  );
}

function readOptions({ against, key, account }: ProofOptions): VerifyOptions {
  try {
    return {
      ...(against === undefined ? {} : { note: readCheckpoint(against) }),
      ...(key === undefined ? {} : { key: VerifierKey.parse(key) }),
      ...(account === undefined ? {} : { account }),
    };
  } catch (error) {
    return asRefusal(error);
  }
}

/** @throws CliError for a file that cannot be read */
export function readCheckpoint(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Tells what is no note or key, or not of this log, to the user. */
export function asRefusal(error: unknown): never {
  throw error instanceof NoteError
    ? new CliError(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`)
    : error;
}

function hasTables(directory: string): boolean {
  try {
    openReadOnly(directory).close();
    return true;
  } catch (error) {
    if (error instanceof NoReadModelsError) return false;
    throw error;
  }
}

function print(found: Verified, faults: readonly string[], json: boolean): void {
  const { events, sealed, seals, tree } = found;
  printTable(
    ['events', 'sealed', 'seals', 'tree', 'size', 'root', 'faults'],
    [[events, sealed, seals, tree.name, tree.size, tree.root.toString('base64'), faults.length]],
    json,
  );
  for (const fault of faults) message(`${fault[0]?.toUpperCase()}${fault.slice(1)}.`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Lists the checks made and not made, so that one that was not made is not taken for one without findings. */
const said = ({ told, against, seals }: Verified, comparedTables: boolean): readonly string[] => [
  ...told,
  ...(seals > 0 ? ['Compared: every event with the seals of the log, and these with their signatures.'] : []),
  against !== null
    ? `Compared: the checkpoint that was given, of ${against.size} events.`
    : 'Not compared: a checkpoint that somebody outside keeps (--against, --key). Whoever has the seal key can make a log and seals that fit one another.',
  comparedTables
    ? 'Compared: the read models with a rebuild.'
    : 'Not compared: the read models with a rebuild.',
];
