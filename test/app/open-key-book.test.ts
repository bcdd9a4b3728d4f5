import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../../src/commands/command';
import { describeFailure } from '../../src/app/expected-failure';
import { copyKeyBookOf, openKeyBook, openKeyBookIfReadable } from '../../src/app/open-key-book';
import { ConfigError, loadConfig, type Config } from '../../src/config/config';
import { KeyBookError, type KeyBook } from '../../src/keys/port/key-book';
import { newDirectory, removeDirectory } from '../directories';
import { hexOf, lookUp, masterLine } from '../keys/contract/controls';

/** The key book that the settings name, and the file of master keys with it. */

let directory: string;
const opened: KeyBook[] = [];
beforeEach(() => {
  directory = newDirectory();
});
afterEach(async () => {
  for (const book of opened.splice(0)) await book.close();
  removeDirectory(directory);
});
const settings = (more: Record<string, string> = {}): Config =>
  loadConfig({ ROLEBOOK_DATA_DIR: directory, ...more });
const inFolder = (name: string): string => path.join(directory, name);
const opening = async (config = settings(), readOnly = false): Promise<KeyBook> => {
  const book = await openKeyBook(config, { readOnly });
  opened.push(book);
  return book;
};
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => error,
  );

test('the first start makes a master key, for its owner alone; later ones find it', async () => {
  const { secret } = await (await opening()).openAccount('acme');
  const keys = readFileSync(inFolder('master.keys'), 'utf8');
  expect(statSync(inFolder('master.keys')).mode & 0o777).toBe(0o600);
  expect(hexOf((await (await opening()).accountKeys('acme')).secret)).toBe(hexOf(secret));
  expect(readFileSync(inFolder('master.keys'), 'utf8')).toBe(keys);
});

test('a master key that is lost is not made anew where there is a key book', async () => {
  await (await opening()).openAccount('acme');
  rmSync(inFolder('master.keys'));
  for (const readOnly of [false, true])
    expect(await failure(opening(settings(), readOnly))).toMatchObject({
      code: 'MASTER_KEY_FILE',
      message: expect.stringMatching(/master\.keys is not there\. .*put the copy of this file/),
    });
  expect(existsSync(inFolder('master.keys'))).toBe(false);
});

test('another master key does not open it: the error names the file, the key and what to do', async () => {
  await (await opening()).openAccount('acme');
  writeFileSync(inFolder('master.keys'), masterLine('other'), { mode: 0o600 });
  const error = await failure(opening());
  expect(error).toMatchObject({ code: 'MASTER_KEY_UNKNOWN' });
  expect(describeFailure(error)).toMatch(
    /^MASTER_KEY_UNKNOWN: \S+master\.keys: 1 segment .* Put their lines back[^\n]*$/,
  );
});

test('a file that is set and not there is not made, and no book either', async () => {
  const config = settings({ ROLEBOOK_MASTER_KEY_FILE: inFolder('secrets') });
  expect(await failure(opening(config))).toMatchObject({ code: 'MASTER_KEY_FILE' });
  expect(readdirSync(directory)).toEqual([]);
});

test('a file that is set is the one that is used', async () => {
  writeFileSync(inFolder('secrets'), masterLine('mine'), { mode: 0o600 });
  const book = await opening(settings({ ROLEBOOK_MASTER_KEY_FILE: inFolder('secrets') }));
  await book.openAccount('acme');
  expect((await book.status()).byMasterKey).toEqual(new Map([['mine', 1]]));
  expect(existsSync(inFolder('master.keys'))).toBe(false);
});

test('with a server it must be set, and the error says so', async () => {
  const error = await failure(opening(settings({ EVENTSTOREDB_URL: 'esdb://127.0.0.1:1?tls=false' })));
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).faults).toEqual([expect.stringMatching(/^ROLEBOOK_MASTER_KEY_FILE: /)]);
});

describe('a command that can do without', () => {
  const ifReadable = async (config = settings()): Promise<KeyBook | null> => {
    const book = await openKeyBookIfReadable(config);
    if (book) opened.push(book);
    return book;
  };

  test('is given the book where it can be opened, to read', async () => {
    const { reasons } = await (await opening()).openAccount('acme');
    const book = await ifReadable();
    expect(book && (await lookUp(book, 'acme', reasons.id))).toBe(hexOf(reasons.key));
    expect(await failure(book!.openAccount('other'))).toBeInstanceOf(KeyBookError);
  });

  test('is given none without book or without master keys that it may read, and makes nothing', async () => {
    expect(await ifReadable()).toBeNull();
    expect(await ifReadable(settings({ EVENTSTOREDB_URL: 'esdb://127.0.0.1:1?tls=false' }))).toBeNull();
    writeFileSync(inFolder('master.keys'), masterLine('m1'), { mode: 0o600 });
    expect(await ifReadable()).toBeNull();
    expect(readdirSync(directory)).toEqual(['master.keys']);
    await opening();
    // The system's administrator reads everything.
    if (process.getuid?.() === 0) rmSync(inFolder('master.keys'));
    else chmodSync(inFolder('master.keys'), 0);
    expect(await ifReadable()).toBeNull();
  });

  test('is refused where the master keys are another book’s', async () => {
    await (await opening()).openAccount('acme');
    writeFileSync(inFolder('master.keys'), masterLine('other'));
    expect(await failure(ifReadable())).toMatchObject({ code: 'MASTER_KEY_UNKNOWN' });
  });
});

test('a copy of a book is made with a master key of its own, and needs a book to copy', async () => {
  const target = newDirectory();
  try {
    const to = loadConfig({ ROLEBOOK_DATA_DIR: target });
    expect(await failure(copyKeyBookOf(settings(), to, {}))).toMatchObject({ code: 'MASTER_KEY_FILE' });
    expect(readdirSync(target)).toEqual([]);
    const { secret } = await (await opening()).openAccount('acme');
    expect(await copyKeyBookOf(settings(), to, {})).toMatchObject({ copied: 1, damaged: [] });
    const copy = await opening(to);
    expect(hexOf((await copy.accountKeys('acme')).secret)).toBe(hexOf(secret));
    expect(readFileSync(path.join(target, 'master.keys'))).not.toEqual(readFileSync(inFolder('master.keys')));
  } finally {
    for (const book of opened.splice(0)) await book.close();
    removeDirectory(target);
  }
});

test('a command that the key book failed tells people at the command line what the key book said', () => {
  const cause = new KeyBookError('MASTER_KEY_UNKNOWN', 'The master key m2 is not there.');
  const told = new CommandError('KEY_BOOK_UNUSABLE', 'The key book cannot be used.', { cause });
  expect(describeFailure(told)).toBe('MASTER_KEY_UNKNOWN: The master key m2 is not there.');
});
