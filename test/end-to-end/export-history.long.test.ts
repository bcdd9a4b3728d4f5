import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type CommandResult } from './installation';

/** `rolebook export history` as people call it: beside a server, and killed until it is whole. */

const folder = newDirectory();
const installation = new Installation();
afterAll(() => {
  installation.remove();
  removeDirectory(folder);
});

const wordsFor = (file: string, format: string): string[] => [
  'export',
  'history',
  '--format',
  format,
  '--out',
  file,
];
const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** Kills runs soon after each has written something, until one ends. Number of those that were killed midway. */
async function killUntilWhole(file: string, format: string): Promise<number> {
  const part = `${file}.part`;
  let midway = 0;
  for (let runs = 0; ; runs += 1) {
    const before = sizeOf(part);
    const resume = existsSync(part) ? ['--resume'] : [];
    const running = installation.begin(...wordsFor(file, format), ...resume);
    let ended: CommandResult | null = null;
    void running.ended.then((result) => (ended = result));
    // The last event is written again, so that a run has written something new once the file is longer.
    while (ended === null && sizeOf(part) <= before) await sleep(1);
    await sleep(4 * runs);
    running.kill();
    const { code, stderr } = await running.ended;
    if (code === 0) return midway;
    expect([code, stderr]).toEqual([null, expect.not.stringContaining('rror')]);
    if (sizeOf(part) > 0) midway += 1;
    expect(runs).toBeLessThan(500);
  }
}

beforeAll(async () => {
  const server = await installation.start();
  await server.stop();
});

test.each(['ndjson', 'csv'])(
  'killed again and again, an export as %s has every entry once',
  async (format) => {
    const whole = path.join(folder, `whole.${format}`);
    const { code } = await installation.rolebook(...wordsFor(whole, format));
    expect(code).toBe(0);
    const file = path.join(folder, `killed.${format}`);
    expect(await killUntilWhole(file, format)).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(whole, 'utf8'));
    expect(existsSync(`${file}.part`)).toBe(false);
  },
);

test('beside a server it is as whole, and a file of a run before is kept', async () => {
  const alone = path.join(folder, 'alone.ndjson');
  expect(await installation.rolebook(...wordsFor(alone, 'ndjson'))).toMatchObject({ code: 0 });
  const server = await installation.start();
  const file = path.join(folder, 'beside.ndjson');
  expect(await installation.rolebook(...wordsFor(file, 'ndjson'))).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8').startsWith(readFileSync(alone, 'utf8'))).toBe(true);
  const again = await installation.rolebook(...wordsFor(file, 'ndjson'));
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') as string });
  await server.stop();
});
