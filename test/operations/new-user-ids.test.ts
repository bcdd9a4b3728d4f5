import { encryptedForm, newUserIdsOf } from '../../src/app/sealing';
import type { EventStore } from '../../src/event-store/port/event-store';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { KeyBook } from '../../src/keys/port/key-book';
import { compareLogs, copyLog, LogMismatchError } from '../../src/operations/log/copy';
import { originOfCopy } from '../../src/operations/log/origin';
import { verifyLog } from '../../src/operations/log/verify';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { userIdFor } from '../../src/sealing/user-id';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { Transfer } from './transfer';

/** An encrypted copy in which nobody can guess the id of a user from the username. */

const quietly = { onProgress: (): void => undefined, pause: () => Promise.resolve() };
const inClear = { uuid: (former: string): string => former };
const FILE = 'username,name,id,status\nann,Ann,,\nbob,Bob,,INACTIVE\ncat,Cat,cat,\n';

/** A log in clear: users of a file, one of whom was renamed and followed by another under the former username. */
async function before(): Promise<Transfer> {
  const transfer = new Transfer(1);
  await transfer.open();
  await transfer.account('acme');
  expect(await transfer.users('acme', FILE)).toMatchObject({ written: 3 });
  const ann = userIdFor(inClear, 'ann', 1);
  const renamed = await transfer.run('acme', { type: 'updateUser', user: ann, username: 'annette' });
  expect(renamed.accepted).toBe(true);
  expect(await transfer.users('acme', 'username,name\nann,Another\n')).toMatchObject({ written: 1 });
  const role = { name: 'Team', description: null, grants: [], users: ['ann', 'annette', 'cat'] };
  expect(await transfer.roles('acme', `${JSON.stringify(role)}\n`)).toMatchObject({ written: 1 });
  return transfer;
}

interface Copied {
  readonly target: EventStore;
  readonly shelf: Shelf;
  readonly book: KeyBook;
}

async function copied(
  source: EventStore,
  newUserIds = true,
  target = new MemoryEventStore(),
): Promise<Copied> {
  const shelf: Shelf = new Map();
  const book = await openKeyBook(new MemorySegments(shelf), () => masters('m1'));
  const origin = await originOfCopy(source, target, { ...quietly, newUserIds });
  const userIds = newUserIds ? await newUserIdsOf(source, quietly.onProgress) : null;
  const form = encryptedForm({ source, target, origin, userIds }, book);
  const { copied: events } = await copyLog(source, target, { ...quietly, form });
  expect(await compareLogs(source, target, { ...quietly, form })).toBe(events);
  return { target, shelf, book };
}

async function textOf(store: EventStore): Promise<string> {
  const lines: string[] = [];
  for await (const { stream, data, metadata } of store.readAll())
    lines.push(JSON.stringify([stream, data, metadata]));
  return lines.join('\n');
}

test('no id that follows from a username is left anywhere, and all else is as it was', async () => {
  const source = await before();
  const { target, shelf } = await copied(source.store);
  const text = await textOf(target);
  const former = [userIdFor(inClear, 'ann', 1), userIdFor(inClear, 'ann', 2), userIdFor(inClear, 'bob', 1)];
  const clear = await textOf(source.store);
  expect(former.filter((id) => !clear.includes(id))).toEqual([]);
  expect(former.filter((id) => text.includes(id))).toEqual([]);
  expect(text).toContain('rolebook.user-acme.cat');
  expect((await verifyLog(target, quietly.onProgress)).faults).toEqual([]);

  const after = new Transfer(2, { store: target, shelf });
  await after.open();
  // The ids are a column of the file; the rest is the same, users of roles and their order included.
  const withoutIds = (csv: string): string => csv.replaceAll(/u_[0-9a-f]{20}/g, 'u');
  expect(withoutIds(await after.exportedUsers('acme'))).toBe(withoutIds(await source.exportedUsers('acme')));
  expect(await after.exportedRoles('acme')).toBe(await source.exportedRoles('acme'));
  // A file of before finds everyone, and the id is the one that the copy would have made.
  const events = await after.events();
  const nightly = 'username,name\nann,Another\nannette,Ann\ncat,Cat\n';
  expect(await after.users('acme', nightly)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await after.events()).toBe(events);
  await after.close();
  await source.close();
});

test('the id is the one that a registration under the username has in the copy', async () => {
  const source = await before();
  const { target, book } = await copied(source.store);
  const streams = new Set<string>();
  for await (const { stream } of target.readAll()) streams.add(stream);
  const sealing = await new KeyedSealing(book).account('acme');
  for (const id of [userIdFor(sealing, 'ann', 1), userIdFor(sealing, 'ann', 2), userIdFor(sealing, 'bob', 1)])
    expect(streams).toContain(`rolebook.user-acme.${id}`);
  await source.close();
});

test('a copy that was begun without is not gone on with, and the other way round', async () => {
  const source = await before();
  for (const newUserIds of [true, false]) {
    const { target } = await copied(source.store, newUserIds);
    await expect(originOfCopy(source.store, target, { ...quietly, newUserIds: !newUserIds })).rejects.toThrow(
      LogMismatchError,
    );
  }
  await source.close();
});
