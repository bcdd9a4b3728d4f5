import path from 'node:path';
import type { Command } from 'commander';
import { lockFolder, openBackupLog, openRestoreTarget } from '../../app/open-log';
import { namesServer } from '../../config/config';
import { programVersion } from '../../config/package-root';
import { counted } from '../../domain/text';
import { checkBackup } from '../../operations/backup/check';
import type { KeyRestored } from '../../operations/backup/keys';
import type { Manifest } from '../../operations/backup/manifest';
import { restoreBackup, type Restored } from '../../operations/backup/restore';
import { takeBackup, type Taken } from '../../operations/backup/take';
import { durationText } from '../../shared/progress';
import { configOf, withLog } from '../log';
import { message, printTable } from '../output';
import { stepProgress } from '../progress';
import { shellCommand } from '../shell';

interface BackupOptions {
  readonly from?: string;
  readonly withoutKeys?: boolean;
  readonly json?: boolean;
}

interface RestoreOptions {
  readonly to: string;
  readonly withoutKeys?: boolean;
  readonly json?: boolean;
}

/** `rolebook backup`, `rolebook backup verify` and `rolebook restore`. */
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
  program
    .command('restore')
    .description('restore a backup into an empty log; again, it goes on where it stopped')
    .argument('<folder>', 'of the backup')
    .requiredOption('--to <log>', 'a kurrentdb:// or esdb:// address, or a data folder; nothing may be there')
    .option('--without-keys', 'leave the key that signs tokens in the backup')
    .option('--json', 'print as JSON')
    .action((folder: string, options: RestoreOptions) => restore(folder, options));
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

function* aboutTaken({ manifest, mended }: Taken, keyFile: string | null): Generator<string> {
  if (mended) yield 'The backup.json that was there did not hold, and was written anew.';
  const { events } = manifest.log;
  if (events === 0)
    yield 'The log is empty. On a server: is ROLEBOOK_STREAM_PREFIX the one that the replicas have?';
  yield* aboutFaults(manifest);
  if (keyFile === null) yield 'The key that signs tokens was left out.';
  else if (manifest.files.some(({ holds }) => holds === 'signing-key'))
    yield 'The key that signs tokens is in it: whoever reads this folder can be anyone.';
  else yield `There is no key that signs tokens at ${keyFile}, so there is none in the backup.`;
}

function* aboutFaults({ log }: Manifest): Generator<string> {
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

async function restore(
  directory: string,
  { to, withoutKeys = false, json = false }: RestoreOptions,
): Promise<void> {
  const config = configOf(to);
  const dataDirectory = config.eventStoreUrl === null ? config.dataDirectory : null;
  const shown = stepProgress();
  const restored = await restoreBackup({
    directory,
    dataDirectory,
    keyFile: withoutKeys ? null : config.signingKeyFile,
    program: programVersion(),
    openLog: openBackupLog,
    openTarget: () => openRestoreTarget(config),
    onStep: shown.update,
  });
  shown.finish();
  const { manifest, copied } = restored;
  const { log, began } = manifest;
  printTable(['events', 'restored now', 'digest', 'taken'], [[log.events, copied, log.digest, began]], json);
  message('Restored, read again, and equal to the backup.');
  for (const line of aboutFaults(manifest)) message(line);
  message(aboutKey(restored.key, !withoutKeys, config.signingKeyFile));
  for (const line of next(restored, to)) message(line);
}

function aboutKey(key: KeyRestored, wanted: boolean, file: string): string {
  switch (key) {
    case 'restored':
      return `The key that signs tokens is back in ${file}: tokens from before are good.`;
    case 'same':
      return `The key that signs tokens was in ${file} already.`;
    case 'kept':
      return `Another key that signs tokens is in ${file}, and was left there: tokens from before are refused by it.`;
    case 'none':
      return wanted
        ? 'There is no key that signs tokens in the backup: put yours back, or tokens from before are refused.'
        : 'The key that signs tokens was left in the backup: put yours back, or tokens from before are refused.';
  }
}

function* next({ manifest }: Restored, to: string): Generator<string> {
  yield `Lost: what was recorded after ${manifest.began}, when the backup was taken.`;
  yield 'Positions that clients stored hold up to where the backup ends; later ones are refused (POSITION_OF_A_FORK), and are to be dropped.';
  yield 'Changes that clients send again with their idempotency keys count once, if the backup has them.';
  yield namesServer(to)
    ? 'Next: start the replicas with this address and ROLEBOOK_STREAM_PREFIX; each builds its read models anew.'
    : `Next: ROLEBOOK_DATA_DIR=${shellCommand(path.resolve(to))} npm start, which builds the read models.`;
}
