import type { Command } from 'commander';
import { lockFolder, openBackupLog } from '../../app/open-log';
import { programVersion } from '../../config/package-root';
import { counted } from '../../domain/text';
import { checkBackup } from '../../operations/backup/check';
import { SIGNING_KEY } from '../../operations/backup/keys';
import type { Manifest } from '../../operations/backup/manifest';
import { takeBackup, type Taken } from '../../operations/backup/take';
import { durationText } from '../../shared/progress';
import { configOf, withLog } from '../log';
import { message, printTable } from '../output';
import { stepProgress } from '../progress';

interface BackupOptions {
  readonly from?: string;
  readonly withoutKeys?: boolean;
  readonly json?: boolean;
}

/** `rolebook backup` and `rolebook backup verify`. */
export function addBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description('back up the log and the signing key into a folder; again, it goes on where it stopped')
    .argument('<folder>', 'not there, empty, or with an earlier backup of the same log, which is continued')
    .option(
      '--from <log>',
      'a kurrentdb:// or esdb:// address, or a data folder; default the log of the settings',
    )
    .option('--without-keys', 'leave the key that signs tokens out')
    .option('--json', 'print as JSON')
    .action((folder: string, options: BackupOptions) => take(folder, options));
  backup
    .command('verify')
    .description('check a backup: files, digest, the log event by event; and tell how old it is')
    .argument('<folder>', 'of the backup')
    .option('--json', 'print as JSON')
    .action((folder: string, _: object, command: Command) =>
      // The command above it has the same option, and takes it.
      check(folder, command.optsWithGlobals<{ json?: boolean }>().json ?? false),
    );
}

async function take(directory: string, { from, withoutKeys, json = false }: BackupOptions): Promise<void> {
  const { dataDirectory, signingKeyFile } = configOf(from);
  const shown = stepProgress();
  const taken = await withLog(
    (source) =>
      takeBackup(source, {
        directory,
        dataDirectory,
        keyFile: withoutKeys ? null : signingKeyFile,
        program: programVersion(),
        openLog: openBackupLog,
        lock: lockFolder,
        now: () => new Date(),
        onStep: shown.update,
      }),
    { named: from },
  );
  shown.finish();
  const { manifest, compared, copied, bytes } = taken;
  printTable(
    ['events', 'new', 'position', 'digest', 'bytes', 'taken'],
    [[manifest.log.events, copied, manifest.log.position ?? '', manifest.log.digest, bytes, manifest.began]],
    json,
  );
  message(
    `${counted(copied, 'event')} backed up, ${compared} were there; what was written was read again, and is equal.`,
  );
  for (const line of aboutTaken(taken, withoutKeys ? null : signingKeyFile)) message(line);
}

function* aboutTaken({ manifest, mended, erasures }: Taken, keyFile: string | null): Generator<string> {
  if (mended) yield 'The backup.json that was there did not hold, and was written anew.';
  const { events } = manifest.log;
  if (events === 0)
    yield 'The log is empty. On a server: is ROLEBOOK_STREAM_PREFIX the one that the replicas have?';
  yield* aboutFaults(manifest);
  if (keyFile === null) yield 'The key that signs tokens was left out.';
  else if (manifest.files.some(({ holds }) => holds === SIGNING_KEY))
    yield 'The key that signs tokens is in it: whoever reads this folder can be anyone.';
  else yield `There is no key that signs tokens at ${keyFile}, so there is none in the backup.`;
  if (erasures === null) return;
  yield 'Names in it are encrypted, and the key book that reads them is not in it: rolebook keys copy --to another folder, as often; keep its master keys elsewhere.';
  yield `${counted(erasures, 'erasure')} in its list, which rolebook restore --erasures makes again where an earlier backup is restored.`;
}

/** Lines on the faults of a log that was backed up. */
export function* aboutFaults({ log }: Manifest): Generator<string> {
  if (log.faults > 0)
    yield `The log has ${counted(log.faults, 'fault')}, and the backup the same; rolebook log verify tells.`;
}

async function check(directory: string, json: boolean): Promise<void> {
  const shown = stepProgress();
  const checked = await checkBackup({
    directory,
    program: programVersion(),
    openLog: openBackupLog,
    onStep: shown.update,
  });
  shown.finish();
  const { manifest, bytes } = checked;
  const { log, began } = manifest;
  const age = Math.max(0, Math.floor((Date.now() - Date.parse(began)) / 1_000));
  printTable(
    ['events', 'position', 'digest', 'bytes', 'taken', 'age (s)'],
    [[log.events, log.position ?? '', log.digest, bytes, began, age]],
    json,
  );
  message(
    `Whole, and as it was when it was taken, ${durationText(age)} ago, by Rolebook ${manifest.program}.`,
  );
  if (checked.inProgress)
    message(
      'Another backup into it is under way, or did not end: what it has brought so far does not count.',
    );
  for (const line of aboutFaults(manifest)) message(line);
  for (const file of checked.open) message(`Others can read ${file}; take that right from them.`);
}
