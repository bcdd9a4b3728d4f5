import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openEndedSessions, type EndedSessions } from '../../../src/http/console/ended-sessions';
import { newDirectory, removeDirectory } from '../../directories';

/** Sessions that were signed out, over restarts. */

let directory: string;
let clock: number;
const warned: string[] = [];
beforeEach(() => {
  directory = newDirectory();
  clock = 1_000;
  warned.length = 0;
});
afterEach(() => removeDirectory(directory));

const file = (): string => path.join(directory, 'ended-sessions.txt');
const open = (): EndedSessions =>
  openEndedSessions(
    directory,
    { warn: (_fields: object, text: string) => void warned.push(text) },
    () => clock,
  );
const written = (): string => readFileSync(file(), 'utf8');

test('are remembered at once, for their owner’s eyes, until they would be over', () => {
  const ended = open();
  expect([ended.has('a'), existsSync(file())]).toEqual([false, false]);
  ended.add('a', 2_000);
  ended.add('b', 3_000);
  ended.add('a', 2_000);
  expect(written()).toBe('a 2000\nb 3000\n');
  expect(statSync(file()).mode & 0o077).toBe(0);
  // Nothing was closed, as after a kill.
  clock = 1_999;
  expect(['a', 'b', 'c'].map((id) => open().has(id))).toEqual([true, true, false]);
  clock = 2_000;
  expect(['a', 'b'].map((id) => open().has(id))).toEqual([false, true]);
  expect(written()).toBe('b 3000\n');
});

test('a line that was cut off costs that line alone', () => {
  writeFileSync(file(), 'a 2000\n\nnonsense\nb 3000\nc 40');
  const ended = open();
  expect(['a', 'b', 'c'].map((id) => ended.has(id))).toEqual([true, true, false]);
  ended.add('d', 4_000);
  expect(written()).toBe('a 2000\nb 3000\nd 4000\n');
});

test('what is of no use any more leaves memory and file while it runs', () => {
  const ended = open();
  ended.add('early', 1_500);
  clock = 1_600;
  for (let n = 0; n < 999; n += 1) ended.add(`s${n}`, 5_000);
  expect([ended.has('early'), ended.has('s0'), ended.has('s998')]).toEqual([false, true, true]);
  expect(written().split('\n')).toHaveLength(1_000);
});

test('a disk that takes nothing is told, and a sign-out holds until the next start', () => {
  const ended = open();
  rmSync(directory, { recursive: true });
  ended.add('a', 2_000);
  expect([ended.has('a'), warned]).toEqual([true, ['a sign-out is remembered until the next start alone']]);
  mkdirSync(directory);
});
