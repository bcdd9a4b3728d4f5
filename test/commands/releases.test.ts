import { READS_SCHEMA } from '../../src/domain/schema-versions';
import { EventStoreError, type EventStore } from '../../src/event-store/port/event-store';
import { roleStream } from '../../src/event-store/port/streams';
import { A, create, keyed, rename } from '../model-checker/scenarios/wishes';
import { guardsOf } from './decision-reads';
import { ACCOUNT, execute, gatedStore, given, replica, verdict } from './harness';

/** Commands beside replicas of other releases. */

const AT_ONCE = () => Promise.resolve();

test('on a replica that is too old for the log: LOG_NEWER at once, whoever asks', async () => {
  const log = await given();
  const bus = replica(log, { ...guardsOf(() => log.book()), newer: () => true });
  expect(verdict(await execute(bus, create('Role')))).toBe('LOG_NEWER');
});

test('on a stream with an event that it is too old for: LOG_NEWER, of whatever type the event is', async () => {
  for (const type of ['RoleRenamed', 'RoleFrozen']) {
    const log = await given(keyed(create('Sales'), 'a'));
    const metadata = { ...log.events.at(-1)?.metadata, schemaVersion: String(READS_SCHEMA + 1) };
    const data = { role: A, from: 'Sales', to: 'Support' };
    const id = '11111111-2222-4333-8444-555555555555';
    await log.append(roleStream(ACCOUNT, A), 'any', [{ id, type, data, metadata }]);
    const done = await execute(replica(log), rename(A, 'Help desk'));
    expect([type, verdict(done)]).toEqual([type, 'LOG_NEWER']);
    expect(String(done.outcome)).not.toContain(id);
  }
});

test('when another process cannot read yet what it would write: UPGRADE_INCOMPLETE', async () => {
  const log = await given();
  const store: EventStore = {
    ...gatedStore(log, AT_ONCE),
    append: () => Promise.reject(new EventStoreError('NOT_YET_READABLE', 'as the test wants it')),
  };
  const done = await execute(replica(log, undefined, undefined, { store }), create('Role'));
  expect(verdict(done)).toBe('UPGRADE_INCOMPLETE');
  expect(String(done.outcome)).toContain('nothing was written');
});
