import { copyKeyBook } from '../../../src/keys/book/copy';
import { firstSegmentOf } from '../../../src/keys/key-id';
import type { DataKey } from '../../../src/keys/port/key-book';
import { hexOf, masters } from '../../keys/contract/controls';
import type { Job } from '../process';
import { COPY, MAIN } from '../shelves';

/** Work on key books that is no command. */

export const ROTATED = 'rotated';
/** Before the keys that a process was given, as `<id>=<hex>`. */
export const GIVEN = 'given';

export const rotate: Job = {
  job: 'rotates',
  run: async ({ book }) => ((await book.rotate()).damaged.length === 0 ? ROTATED : 'damaged'),
};

const told = ({ id, key }: DataKey): string => `${id}=${hexOf(key)}`;

export const newKey = (account: string): Job => ({
  job: `takes a key of ${account}`,
  run: async ({ book }) => `${GIVEN} ${told(await book.newKey(account))}`,
});

/** Opens an account, and takes a key of it. */
export const open = (account: string): Job => ({
  job: `opens ${account}`,
  async run({ book }) {
    const { secret, reasons } = await book.openAccount(account);
    const first = told({ id: `${firstSegmentOf(account)}.0`, key: secret });
    return [GIVEN, first, told(await book.newKey(account))].join(' ').replace(told(reasons), '');
  },
});

const copy = (from: string, to: string): Job => ({
  job: `copies ${from} to ${to}`,
  async run({ part }) {
    const keysOf = (book: string) => (book === MAIN ? masters('m2', 'm1') : masters('c1'));
    const copied = await copyKeyBook(part(from, keysOf(from)), part(to, keysOf(to)));
    return copied.damaged.length === 0 ? 'copied' : 'damaged';
  },
});

/** `rolebook keys copy`, and the same the other way, as after a loss. */
export const copyAway = copy(MAIN, COPY);
export const copyBack = copy(COPY, MAIN);
