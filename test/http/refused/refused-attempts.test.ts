import { addressClass } from '../../../src/http/refused/address-class';
import {
  LINES,
  LINES_OF_A_SOURCE,
  LINES_OF_AN_ACCOUNT,
  RefusedAttempts,
  WINDOW_MS,
  type RefusedAttempt,
} from '../../../src/http/refused/refused-attempts';

/** Refused attempts in the log of the process: each once, so many a minute, and no more of an address than its class. */

interface Line {
  readonly text: string;
  readonly suppressed?: number;
  readonly sources?: readonly unknown[];
  readonly actor?: string | null;
  readonly from?: string;
}

function recorder() {
  const lines: Line[] = [];
  const counted: string[] = [];
  const logger = { warn: (fields: object, text: string) => void lines.push({ ...fields, text }) };
  const attempts = new RefusedAttempts(logger as never, (code) => counted.push(code));
  return { lines, counted, attempts };
}

const forbidden = (actor: string, requestId = 'r'): RefusedAttempt => ({
  code: 'FORBIDDEN',
  operation: 'Query.history',
  requestId,
  account: 'acme',
  actor,
  address: '203.0.113.7',
});
const bad = (address: string): RefusedAttempt => ({
  ...forbidden(''),
  code: 'UNAUTHENTICATED',
  account: null,
  actor: null,
  address,
});

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('each is a line of its own, with ids alone', () => {
  const { lines, attempts, counted } = recorder();
  attempts.record({ ...forbidden('User:ana', 'r1'), why: 'x' });
  attempts.record(forbidden('User:ana', 'r2'));
  expect(lines).toEqual([
    {
      text: 'refused attempt',
      code: 'FORBIDDEN',
      operation: 'Query.history',
      requestId: 'r1',
      account: 'acme',
      actor: 'User:ana',
      from: 'public',
      why: 'x',
    },
    expect.objectContaining({ requestId: 'r2' }),
  ]);
  expect(counted).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  attempts.end();
  expect(lines).toHaveLength(2);
});

test('a source is cut after so many in a window, which says how many it left out; another is not', () => {
  const { lines, attempts, counted } = recorder();
  for (let i = 0; i < LINES_OF_A_SOURCE + 5; i += 1) attempts.record(forbidden('User:ana'));
  attempts.record(forbidden('User:bob'));
  attempts.record({ ...forbidden('User:ana'), code: 'ESCALATION' });
  attempts.record({ ...forbidden('User:ana'), account: 'other' });
  expect(lines).toHaveLength(LINES_OF_A_SOURCE + 3);
  jest.advanceTimersByTime(WINDOW_MS);
  expect(lines.at(-1)).toEqual({
    text: 'refused attempts left out',
    suppressed: 5,
    sources: [{ account: 'acme', actor: 'User:ana', code: 'FORBIDDEN', suppressed: 5 }],
  });
  expect(counted).toHaveLength(LINES_OF_A_SOURCE + 8);
  attempts.record(forbidden('User:ana'));
  expect(lines.at(-1)).toMatchObject({ text: 'refused attempt', actor: 'User:ana' });
  attempts.end();
});

test('a flood from any number of addresses is bounded, and keeps no actor from being recorded', () => {
  const { lines, attempts, counted } = recorder();
  for (let i = 0; i < 20_000; i += 1) attempts.record(bad(`2001:db8:${i.toString(16)}::1`));
  expect(lines).toHaveLength(LINES);
  attempts.record(forbidden('User:ana'));
  expect(lines.at(-1)).toMatchObject({ actor: 'User:ana' });
  attempts.end();
  expect(lines.at(-1)).toMatchObject({ text: 'refused attempts left out', suppressed: 20_000 - LINES });
  expect(lines.at(-1)?.sources).toHaveLength(20);
  expect(counted).toHaveLength(20_001);
  expect(JSON.stringify(lines)).not.toContain('2001:db8');
});

test('a server that stops tells what it left out, and leaves no timer', () => {
  const { lines, attempts } = recorder();
  for (let i = 0; i <= LINES_OF_A_SOURCE; i += 1) attempts.record(forbidden('User:ana'));
  attempts.end();
  expect(lines.at(-1)).toMatchObject({ suppressed: 1 });
  expect(jest.getTimerCount()).toBe(0);
});

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['::ffff:192.168.0.1', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1', 'private'],
  ['100.64.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['203.0.113.7', 'public'],
  ['2001:db8::1', 'public'],
])('%s is %s', (address, kind) => {
  expect(addressClass(address)).toBe(kind);
});

test('nobody keeps the attempts of others from being recorded: no account, and no network of addresses', () => {
  const { lines, attempts } = recorder();
  for (let user = 0; user < 50; user += 1)
    for (let i = 0; i < LINES_OF_A_SOURCE; i += 1)
      attempts.record({ ...forbidden(`User:${user}`), account: 'evil' });
  expect(lines).toHaveLength(LINES_OF_AN_ACCOUNT);
  attempts.record(forbidden('User:ana'));
  expect(lines.at(-1)).toMatchObject({ account: 'acme', actor: 'User:ana' });
  const before = lines.length;
  for (let i = 0; i < 2_000; i += 1) attempts.record(bad(`2001:db8:1:2::${i.toString(16)}`));
  expect(lines).toHaveLength(before + LINES_OF_A_SOURCE);
  attempts.record(bad('198.51.100.9:51234'));
  expect(lines).toHaveLength(before + LINES_OF_A_SOURCE + 1);
});
