import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runningServer } from '../../src/cli/running-server';
import { writeServerNote } from '../../src/http/listening/server-note';
import { newDirectory, removeDirectory } from '../directories';

/** The server that the command line finds on a data folder. */

const SERVER = { url: 'http://127.0.0.1:4000', socket: '/data/operator/socket' };
/** Only there are starts of processes read. */
const testOnLinux = process.platform === 'linux' ? test : test.skip;

let dataDirectory: string;
let told: jest.SpyInstance;
beforeEach(() => {
  dataDirectory = newDirectory();
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  told.mockRestore();
  removeDirectory(dataDirectory);
});

const file = (): string => path.join(dataDirectory, 'server.json');
const found = (): unknown => runningServer({ dataDirectory });
const note = (): Record<string, unknown> =>
  JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>;
const change = (fields: object): void => writeFileSync(file(), JSON.stringify({ ...note(), ...fields }));
const expectKilled = (): void => {
  expect(found()).toBeNull();
  expect(told).toHaveBeenCalledWith(expect.stringContaining('ended without tidying up'));
};

test('none where there is no note', () => {
  expect(found()).toBeNull();
  expect(told).not.toHaveBeenCalled();
});

test('the one that left the note and still runs', () => {
  writeServerNote(dataDirectory, SERVER);
  expect(found()).toEqual(SERVER);
  writeServerNote(dataDirectory, { ...SERVER, socket: null });
  expect(found()).toEqual({ ...SERVER, socket: null });
  expect(told).not.toHaveBeenCalled();
});

test('none where its process is gone', () => {
  writeServerNote(dataDirectory, SERVER);
  change({ pid: spawnSync(process.execPath, ['--version']).pid });
  expectKilled();
});

testOnLinux('none where another process has its id: it began at another moment', () => {
  writeServerNote(dataDirectory, SERVER);
  const { started } = note() as { started: string };
  const [boot = '', start = ''] = started.split('/');
  expect([boot, start]).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.stringMatching(/^\d+$/)]);
  change({ started: `${boot}/${Number(start) - 1}` });
  expectKilled();
});

testOnLinux('none where the machine was started since', () => {
  writeServerNote(dataDirectory, SERVER);
  const { started } = note() as { started: string };
  change({ started: `00000000-0000-4000-8000-000000000000/${started.split('/')[1]}` });
  expectKilled();
});

test('by the process id alone, where the note says no start: one of an earlier release', () => {
  writeFileSync(file(), JSON.stringify({ pid: process.pid, url: SERVER.url }));
  expect(found()).toEqual({ url: SERVER.url, socket: null });
});

test.each(['', '{"pid":', 'null', '{}', '[]'])('none where the note is not whole: %j', (text) => {
  writeFileSync(file(), text);
  expectKilled();
});
