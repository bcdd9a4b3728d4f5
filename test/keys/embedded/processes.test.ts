import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openKeyBook } from '../../../src/keys/book/key-book';
import { openEmbeddedSegments } from '../../../src/keys/stores/embedded';
import { masterKeyFile } from '../../../src/keys/stores/master-key-file';
import { newDirectory, removeDirectory } from '../../directories';
import { hexOf, lookUp } from '../contract/controls';

const LINES = 150;

/** Starts a process that gives out keys, kills it once it has said so much, and gives what it said. */
async function saidUntilKilled(directory: string): Promise<string[]> {
  const child = spawn(process.execPath, [join(__dirname, 'keys-process.js'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length >= LINES) child.kill('SIGKILL');
  }
  await exit;
  return said;
}

const linesOf = (said: readonly string[], word: string): string[][] =>
  said.map((line) => line.split(' ')).filter(([first]) => first === word);

describe('a key book among processes', () => {
  let directory: string;
  beforeEach(() => {
    directory = newDirectory();
  });
  afterEach(() => removeDirectory(directory));

  it('keeps every key and every erasure that was acknowledged when all of them are killed', async () => {
    const all = await Promise.all([1, 2].map(() => saidUntilKilled(directory)));
    const said = all.flat();
    expect(linesOf(said, 'failed')).toEqual([]);
    const book = await openKeyBook(
      await openEmbeddedSegments({ directory }),
      masterKeyFile(join(directory, 'master.keys'), () => undefined),
    );
    const { secret } = await book.accountKeys('acme');
    expect(linesOf(said, 'secret').map(([, hex]) => hex)).toEqual([hexOf(secret), hexOf(secret)]);

    const keys = linesOf(said, 'key');
    const ids = new Set(keys.map(([, id]) => id));
    expect([ids.size, ids.size > 100]).toEqual([keys.length, true]);
    const erasing = linesOf(said, 'erasing').map(([, id]) => id);
    const erased = linesOf(said, 'erased').map(([, id]) => id);
    for (const [, id = '', hex = ''] of keys) {
      const states = erased.includes(id) ? ['erased'] : erasing.includes(id) ? ['erased', hex] : [hex];
      expect(states).toContain(await lookUp(book, 'acme', id));
    }
    expect((await book.status()).damaged).toEqual([]);
    await book.close();
  });
});
