import path from 'node:path';
import type { Command } from 'commander';
import { openBackupLog, openRestoreTarget } from '../../app/open-log';
import { keysOfRestore } from '../../app/restore-keys';
import { namesServer, type Config } from '../../config/config';
import { programVersion } from '../../config/package-root';
import { counted } from '../../domain/text';
import { ACCOUNT_ADMIN } from '../../domain/vocabulary';
import type { CopiedKeys } from '../../keys/book/copy';
import type { KeyRestored } from '../../operations/backup/keys';
import { restoreBackup, type Restored } from '../../operations/backup/restore';
import { systemHost, systemOperator } from '../../operator/operator';
import { configOf, withMasterKeys } from '../log';
import { parseOperator } from '../on-record';
import { message, printTable, toPeople } from '../output';
import { stepProgress } from '../progress';
import { shellCommand } from '../shell';
import { aboutFaults } from './backup';

interface RestoreOptions {
  readonly to: string;
  readonly withoutKeys?: boolean;
  readonly erasures?: string;
  readonly keyBook?: string;
  readonly fromMasterKeys?: string;
  readonly toMasterKeys?: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** `rolebook restore`. */
export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('restore a backup into an empty log; again, it goes on where it stopped')
    .argument('<folder>', 'of the backup')
    .requiredOption('--to <log>', 'a kurrentdb:// or esdb:// address, or a data folder; nothing may be there')
    .option('--without-keys', 'leave the key that signs tokens in the backup')
    .option(
      '--erasures <list>',
      'a later backup, or a file of rolebook user erasures: whoever is in its list is erased again',
    )
    .option(
      '--key-book <log>',
      'copy the key book of that data folder or address into the target’s, without the keys of erased users',
    )
    .option('--from-master-keys <file>', 'of --key-book; default that of its folder, or of the settings')
    .option('--to-master-keys <file>', 'of the target; default that of the folder --to, or of the settings')
    .option('--as <name>', 'who erases again, for the record; default the system’s user', parseOperator)
    .option('--json', 'print as JSON')
    .action((folder: string, options: RestoreOptions, command: Command) => {
      if (options.fromMasterKeys !== undefined && options.keyBook === undefined)
        command.error('error: --from-master-keys goes with --key-book', { exitCode: 2 });
      return restore(folder, options);
    });
}

async function restore(directory: string, options: RestoreOptions): Promise<void> {
  const { to, withoutKeys = false, json = false, keyBook, fromMasterKeys } = options;
  const config = withMasterKeys(configOf(to), options.toMasterKeys);
  const from = keyBook === undefined ? null : withMasterKeys(configOf(keyBook), fromMasterKeys);
  const shown = stepProgress();
  let copied: CopiedKeys | null = null;
  const restored = await restoreBackup({
    directory,
    dataDirectory: config.eventStoreUrl === null ? config.dataDirectory : null,
    keyFile: withoutKeys ? null : config.signingKeyFile,
    program: programVersion(),
    openLog: openBackupLog,
    openTarget: () => openRestoreTarget(config),
    openKeys: (log) =>
      keysOfRestore(log, config, {
        from,
        logger: toPeople,
        onProgress: (done, total) => shown.update('Copying segments of the key book', done, total),
        onCopied: (result) => (copied = result),
      }),
    erasures: options.erasures ?? null,
    operator: options.as ?? systemOperator(),
    host: systemHost(),
    now: () => new Date(),
    onStep: shown.update,
  });
  shown.finish();
  printRestored(restored, json);
  message(aboutKey(restored.key, !withoutKeys, config.signingKeyFile));
  for (const each of aboutErasures(restored)) message(each);
  for (const each of aboutKeyBook(restored, copied, { config, to, asked: from !== null })) message(each);
  for (const each of next(restored, to)) message(each);
  // The same as of `keys copy`: the log is whole, and some names are lost.
  if (copied !== null && (copied as CopiedKeys).damaged.length > 0) process.exitCode = 1;
}

function printRestored({ manifest, copied, erasures }: Restored, json: boolean): void {
  const { log, began } = manifest;
  printTable(
    ['events', 'restored now', 'digest', 'taken', 'erased again'],
    [[log.events, copied, log.digest, began, erasures?.erased.length ?? 0]],
    json,
  );
  message('Restored, read again, and equal to the backup.');
  for (const line of aboutFaults(manifest)) message(line);
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

function* aboutErasures({ manifest, erasures }: Restored): Generator<string> {
  const { log, began } = manifest;
  if (erasures === null) {
    if (log.format === 1) return;
    yield `Whoever was erased after ${began} is back. If anybody was: empty the target, and restore with --erasures and a later list.`;
    return;
  }
  const { erased, before, absent, asOf, withoutAdmin } = erasures;
  yield `${counted(erased.length, 'user')} erased again, ${before.length} were erased in the log, and ${absent} are not in it. The list is as of ${asOf}.`;
  if (Date.parse(asOf) < Date.parse(began))
    yield 'That is before the backup was taken, which has all of it: give the latest list that you have.';
  for (const account of withoutAdmin)
    yield `The account ${account} has no active ${ACCOUNT_ADMIN} now: rolebook account appoint ${account} USERNAME --reason REASON.`;
}

interface KeyBookPlace {
  readonly config: Config;
  readonly to: string;
  /** True if `--key-book` was given. */
  readonly asked: boolean;
}

function* aboutKeyBook(
  { manifest, keysErased }: Restored,
  copied: CopiedKeys | null,
  { config, to, asked }: KeyBookPlace,
): Generator<string> {
  if (manifest.log.format === 1) {
    if (asked) yield 'The log is of format 1, which has no key book: none was copied.';
    return;
  }
  if (copied !== null) {
    yield `${counted(copied.copied, 'segment')} of the key book copied, ${copied.same + copied.erased} were there. They are sealed by the first master key in ${config.masterKeyFile}: keep a copy of that file.`;
    if (copied.damaged.length > 0)
      yield `Damaged in the source and left out: ${copied.damaged.join(', ')}. What they encrypted cannot be read.`;
  }
  if (keysErased) yield 'The keys of all erased users are destroyed in the key book.';
  else
    yield `No key book was opened here, and without it no name can be read. Before the first start: rolebook keys copy --from COPY --to ${shellCommand(to)}. The start destroys the keys of erased users in it.`;
}

function* next({ manifest }: Restored, to: string): Generator<string> {
  yield `Lost: what was recorded after ${manifest.began}, when the backup was taken.`;
  yield 'Positions that clients stored hold up to where the backup ends; later ones are refused (POSITION_OF_A_FORK), and are to be dropped.';
  yield 'Changes that clients send again with their idempotency keys count once, if the backup has them.';
  yield namesServer(to)
    ? 'Next: start the replicas with this address and ROLEBOOK_STREAM_PREFIX; each builds its read models anew.'
    : `Next: ROLEBOOK_DATA_DIR=${shellCommand(path.resolve(to))} npm start, which builds the read models.`;
}
