import type { Command } from 'commander';
import {
  addMasterKey,
  copyKeyBookOf,
  masterKeyIds,
  newMasterKeyLine,
  openKeyBook,
} from '../../app/open-key-book';
import { demandOutsideBackup } from '../../operations/backup/folder';
import type { Config } from '../../config/config';
import { counted } from '../../domain/text';
import type { BookStatus, KeyBook } from '../../keys/port/key-book';
import { configOf, configOfCopy, withMasterKeys } from '../log';
import { CliError, line, message, printTable, toPeople } from '../output';
import { progress } from '../progress';

const A_LOG = 'a kurrentdb:// or esdb:// address, or a data folder';

/** `rolebook keys status|new-master|rotate|copy`. */
export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('the key book, by which personal data in the log is read: look at it, rotate, copy');
  keys
    .command('status')
    .description('how many keys there are, what is erased, and what waits for a rotation')
    .option('--log <log>', `${A_LOG}; default the log of the settings`)
    .option('--json', 'print as JSON')
    .action(({ log, json = false }: { log?: string; json?: boolean }) => status(configOf(log), json));
  keys
    .command('new-master')
    .description('make a line with a new master key, to be put first into the file of master keys')
    .option('--add', 'put it there, instead of printing it; the file is made where it is missing')
    .action(({ add = false }: { add?: boolean }) => newMaster(configOf(undefined), add));
  keys
    .command('rotate')
    .description('seal the whole key book by the first master key of the file; again, it goes on')
    .option('--log <log>', `${A_LOG}; default the log of the settings`)
    .action(({ log }: { log?: string }) => rotate(configOf(log)));
  keys
    .command('copy')
    .description('copy a key book into another, under its master key; what is erased in either stays erased')
    .option('--from <log>', `${A_LOG}; default the log of the settings`)
    .requiredOption('--to <log>', A_LOG)
    .option('--from-master-keys <file>', 'default that of the folder --from, or of the settings')
    .option('--to-master-keys <file>', 'default that of the folder --to, or of the settings')
    .action((options: CopyOptions) => copy(options));
}

async function withKeyBook<T>(
  config: Config,
  readOnly: boolean,
  work: (book: KeyBook) => Promise<T>,
): Promise<T> {
  // A rotation makes no book where there is none: the folder may be mistyped.
  if (!readOnly) await (await openKeyBook(config, { readOnly: true })).close();
  const book = await openKeyBook(config, { readOnly, logger: toPeople });
  try {
    return await work(book);
  } finally {
    await book.close();
  }
}

async function status(config: Config, json: boolean): Promise<void> {
  const found = await withKeyBook(config, true, (book) => book.status());
  if (json) process.stdout.write(`${JSON.stringify([asJson(found)], null, 2)}\n`);
  else printTable(['key book', ''], rowsOf(found), false);
  for (const each of advice(found, masterKeyIds(config), config)) message(each);
  if (found.damaged.length > 0) process.exitCode = 1;
}

const rowsOf = (found: BookStatus): [string, string | number][] => [
  ['segments', found.segments],
  ['keys', found.keys],
  ['erased', found.erased],
  ['erased, not shredded yet', found.awaitingRotation],
  ['not shredded since', found.awaitingSince?.toISOString() ?? ''],
  ['segments to rotate', found.toRotate],
  ['damaged segments', found.damaged.length],
  ...[...found.byMasterKey].map(([id, segments]): [string, number] => [`sealed by ${id}`, segments]),
];

const asJson = ({ awaitingRotation, awaitingSince, byMasterKey, ...counts }: BookStatus): object => ({
  ...counts,
  notShredded: awaitingRotation,
  notShreddedSince: awaitingSince,
  byMasterKey: Object.fromEntries(byMasterKey),
});

function* advice(found: BookStatus, ids: readonly string[], { masterKeyFile }: Config): Generator<string> {
  const { awaitingRotation, awaitingSince, toRotate, damaged, byMasterKey } = found;
  if (toRotate > 0)
    yield `${counted(toRotate, 'segment')} not sealed by the first master key, ${ids[0]}, yet: rolebook keys rotate.`;
  else if (awaitingRotation > 0)
    yield 'Put a new master key first (rolebook keys new-master --add, on every replica), then rolebook keys rotate.';
  if (awaitingRotation > 0)
    yield `${counted(awaitingRotation, 'erased key')} can still be read from an old copy of the key book by a master key in use; the first one since ${awaitingSince?.toISOString()}.`;
  const needless = ids.filter((id, index) => index > 0 && !byMasterKey.has(id));
  if (needless.length > 0 && damaged.length === 0)
    yield `Nothing is sealed by ${needless.join(', ')} any more. ${toDestroy(masterKeyFile)}`;
  if (damaged.length > 0)
    yield `Damaged, with up to 256 keys each: ${damaged.join(', ')}. What they encrypted cannot be read.`;
}

/** The end of a rotation; until it is done, old copies of the book give away what was erased. */
const toDestroy = (file: string | null): string =>
  `Take the line out of ${file} on every replica, and destroy every copy of it: former versions in your store of secrets, mounted secrets, backups of the file and of the disk it is on. Until then whoever has it and an old copy of the key book can read what was erased.`;

async function newMaster({ masterKeyFile: file }: Config, add: boolean): Promise<void> {
  if (!add) {
    await line(newMasterKeyLine());
    message('Put this line first into the file of master keys of every replica, then: rolebook keys rotate.');
    return;
  }
  if (file === null)
    throw new CliError(
      'There is no file to put it into: set ROLEBOOK_MASTER_KEY_FILE, or leave --add out and keep what is printed.',
    );
  message(`${addMasterKey(file)} is the first master key in ${file}; all that was there stays.`);
  message('Replicas with a file of their own need the same line first. Then: rolebook keys rotate.');
}

async function rotate(config: Config): Promise<void> {
  const sealing = progress('Sealing segments');
  await withKeyBook(config, false, async (book) => {
    const before = await book.status();
    const { sealed } = await book.rotate(sealing.update);
    sealing.finish();
    const after = await book.status();
    const [first, ...others] = masterKeyIds(config);
    if (sealed === 0) message(`All ${counted(after.segments, 'segment')} were sealed by ${first} already.`);
    else message(`${counted(sealed, 'segment')} sealed anew by ${first}.`);
    for (const each of outcome(before, after)) message(each);
    if (after.damaged.length > 0 || after.toRotate > 0) {
      process.exitCode = 1;
      message(
        `${counted(after.toRotate, 'segment')} left to rotate, ${after.damaged.length} damaged: keep all master keys.`,
      );
      return;
    }
    message('Nothing is left to rotate.');
    if (others.length > 0)
      message(`${others.join(', ')} seals nothing any more. ${toDestroy(config.masterKeyFile)}`);
    else if (sealed === 0)
      message('For a rotation put a new master key first: rolebook keys new-master --add.');
  });
}

function* outcome(before: BookStatus, after: BookStatus): Generator<string> {
  const shredded = before.awaitingRotation - after.awaitingRotation;
  if (shredded > 0)
    yield `${counted(shredded, 'erased key')} shredded, once the old master key is destroyed.`;
  if (after.awaitingRotation > 0)
    yield `${counted(after.awaitingRotation, 'erased key')} not shredded yet: this master key sealed them too.`;
}

interface CopyOptions {
  readonly from?: string;
  readonly to: string;
  readonly fromMasterKeys?: string;
  readonly toMasterKeys?: string;
}

async function copy({ from, to, fromMasterKeys, toMasterKeys }: CopyOptions): Promise<void> {
  const source = withMasterKeys(configOf(from), fromMasterKeys);
  const target = withMasterKeys(configOfCopy(to), toMasterKeys);
  for (const place of [target.eventStoreUrl === null ? target.dataDirectory : null, target.masterKeyFile])
    if (place !== null) demandOutsideBackup(place);
  const copying = progress('Copying segments');
  const { copied, erased, same, damaged } = await copyKeyBookOf(source, target, {
    logger: toPeople,
    onProgress: copying.update,
  });
  copying.finish();
  message(
    `${counted(copied, 'segment')} copied, ${same} were there, and ${erased} lost the keys that the source has erased.`,
  );
  if (copied + erased + same + damaged.length === 0)
    message(
      'The source holds no keys. On a server: is ROLEBOOK_STREAM_PREFIX the one that the replicas have?',
    );
  if (damaged.length === 0) return;
  message(`Damaged in the source and left out: ${damaged.join(', ')}.`);
  process.exitCode = 1;
}
