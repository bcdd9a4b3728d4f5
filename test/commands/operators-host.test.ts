import { schemaVersionOf } from '../../src/domain/event-versions';
import { identify } from '../../src/commands/identity';
import { ask, contextOf, execute, given, OPERATOR, replica, user, verdict } from './harness';

/** The machine on which an operator gives a command: on the record, and no part of who gives it. */

const from = (host: string) => ({ actor: { ...OPERATOR, host } });
const create = { type: 'createRole', name: 'Sales' } as const;

test('each event of the command has it, and asks for readers that know it', async () => {
  const log = await given();
  expect(verdict(await execute(replica(log), ask(create, from('ops-1.example'))))).toBe('ok');
  const { type, data, metadata } = log.events.at(-1)!;
  expect(metadata).toMatchObject({ actorType: 'operator', actorId: 'op', actorHost: 'ops-1.example' });
  expect([schemaVersionOf({ type, data }), metadata['schemaVersion']]).toEqual(['1', '2']);
});

test('the same command under its key from another machine is the same command', async () => {
  const log = await given();
  const key = { idempotencyKey: 'sales' };
  const bus = replica(log);
  expect(verdict(await execute(bus, ask(create, { ...key, ...from('ops-1') })))).toBe('ok');
  const before = log.events.length;
  for (const context of [
    { ...key, ...from('ops-2') },
    { ...key, actor: OPERATOR },
  ]) {
    const { outcome } = await execute(bus, ask(create, context));
    expect(outcome).toMatchObject({ accepted: true, written: 0 });
    const wish = ask(create, context);
    expect(identify(create, contextOf(wish)).commandId).toBe(log.events.at(-1)!.metadata['commandId']);
  }
  expect(log.events).toHaveLength(before);
});

test('that of a user is never recorded, and one that is no name of a machine is refused', async () => {
  const log = await given();
  const bus = replica(log);
  const ann = { actor: { ...user('ann'), host: 'laptop-of-ann' } };
  expect(verdict(await execute(bus, ask(create, ann)))).toBe('ok');
  expect(log.events.at(-1)!.metadata).not.toHaveProperty('actorHost');
  const before = log.events.length;
  for (const host of ['', 'two words', 'x'.repeat(65), '\u202e', 'a\nb'])
    expect(verdict(await execute(bus, ask({ ...create, name: 'Other' }, from(host))))).toBe('INVALID_INPUT');
  expect(log.events).toHaveLength(before);
});
