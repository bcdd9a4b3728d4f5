import { randomUUID } from 'node:crypto';
import {
  MAX_APPEND_BYTES,
  type ExpectedRevision,
  type NewEvent,
} from '../../../src/event-store/port/event-store';
import { collect, failureOf, newEvent, newStream, type OpenStore } from './controls';
import { sharedStore } from './shared-store';

/** A value that the types would not let into an event, as careless code does let it in. */
const unchecked = (data: unknown): NewEvent => ({ ...newEvent(), data: data as NewEvent['data'] });

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  value.list = [{ value }];
  return value;
}

const NOT_JSON: readonly (readonly [string, unknown])[] = [
  ['a BigInt', { value: 1n }],
  ['undefined', { value: undefined }],
  ['a hole in a list', { value: new Array<number>(2) }],
  ['NaN', { value: [Number.NaN] }],
  ['Infinity', { value: -Infinity }],
  ['a function', { value: () => 1 }],
  ['a symbol', { value: Symbol('x') }],
  ['a symbol as key', { [Symbol('x')]: 1 }],
  ['a Date', { value: new Date(0) }],
  ['a Map', { value: new Map() }],
  ['bytes', { value: Buffer.from('x') }],
  ['an object with toJSON', { value: { toJSON: () => 'x' } }],
  ['a cycle', cycle()],
  ['a lone surrogate', { value: 'a\ud83d' }],
  ['a lone surrogate in a key', { '\udc00': 1 }],
  ['a list instead of an object', []],
  ['null instead of an object', null],
  ['a text instead of an object', 'text'],
];

const MALFORMED: readonly (readonly [string, Partial<NewEvent>])[] = [
  ['no UUID as id', { id: 'event-1' }],
  ['the empty UUID as id', { id: '00000000-0000-0000-0000-000000000000' }],
  ['no type', { type: '' }],
  ["a system event's type", { type: '$metadata' }],
  ['a type over 64 characters', { type: 'T'.repeat(65) }],
  ['metadata that is no JSON', { metadata: { at: new Date(0) } as unknown as NewEvent['metadata'] }],
];

const NO_STREAMS = [
  '',
  'role-acme.editors',
  'rolebook.',
  'rolebook.role-',
  'rolebook.ROLE-acme.editors',
  'rolebook.role-acme.editors.more',
  'rolebook.role-acmé.editors',
  `rolebook.role-acme.${'x'.repeat(65)}`,
  'rolebook.role-acme.editors\n',
  '$all',
];

export function refusalContract(open: OpenStore): void {
  describe('before anything is written, an append is refused', () => {
    const store = sharedStore(open);

    async function expectRefused(code: string, events: readonly NewEvent[]): Promise<void> {
      const stream = newStream();
      expect(await failureOf(store().append(stream, 'any', events))).toBe(code);
      expect(await collect(store().readStream(stream))).toEqual([]);
    }

    it.each(NOT_JSON)('with %s in its data', async (_name, data) => {
      await expectRefused('INVALID_EVENT', [newEvent(), unchecked(data)]);
    });

    it.each(MALFORMED)('with %s', async (_name, part) => {
      await expectRefused('INVALID_EVENT', [newEvent(), { ...newEvent(), ...part }]);
    });

    it('with no events', () => expectRefused('INVALID_ARGUMENT', []));

    it('that is nested beyond reason', async () => {
      let data: unknown = {};
      for (let depth = 0; depth < 10_000; depth++) data = { data };
      await expectRefused('INVALID_EVENT', [unchecked(data)]);
    });

    it.each([-1, 1.5, Number.NaN, 'stream' as ExpectedRevision])(
      'that expects the revision %p',
      async (expected) => {
        expect(await failureOf(store().append(newStream(), expected, [newEvent()]))).toBe('INVALID_ARGUMENT');
      },
    );

    it.each(NO_STREAMS)('to %j, which is no stream', async (stream) => {
      expect(await failureOf(store().append(stream, 'any', [newEvent()]))).toBe('INVALID_ARGUMENT');
      expect(await failureOf(collect(store().readStream(stream)))).toBe('INVALID_ARGUMENT');
    });

    it('over the size limit, by one event or by all of them together', async () => {
      await expectRefused('TOO_LARGE', [newEvent({ text: 'x'.repeat(MAX_APPEND_BYTES) })]);
      const quarter = MAX_APPEND_BYTES / 4;
      await expectRefused(
        'TOO_LARGE',
        Array.from({ length: 4 }, () => newEvent({ text: 'x'.repeat(quarter) })),
      );
    });

    it('over the size limit by its metadata, or by text that is longer in bytes', async () => {
      const metadata = { reason: 'x'.repeat(MAX_APPEND_BYTES) };
      await expectRefused('TOO_LARGE', [{ ...newEvent(), metadata }]);
      await expectRefused('TOO_LARGE', [newEvent({ text: '漢'.repeat(MAX_APPEND_BYTES / 3) })]);
    });

    it('but not close below the size limit', async () => {
      const stream = newStream();
      const event = { ...newEvent(), id: randomUUID(), data: { text: 'x'.repeat(MAX_APPEND_BYTES - 500) } };
      expect(await store().append(stream, 'no-stream', [event])).toMatchObject({ outcome: 'appended' });
      expect(await collect(store().readStream(stream))).toMatchObject([event]);
    });

    it('and the stream takes the next sound one', async () => {
      const stream = newStream();
      await failureOf(store().append(stream, 'no-stream', [unchecked({ value: 1n })]));
      expect(await store().append(stream, 'no-stream', [newEvent()])).toMatchObject({ revision: 0 });
    });
  });
}
