import { parse } from 'csv-parse/sync';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HistoryRow } from '../../projections/view';
import { FORMATS, LINES, type Format } from '../../src/cli/history/formats';
import { withResumable } from '../../src/cli/history/resumable';
import { exportHistory, ordinalNamed, type HistoryExport } from '../../src/operations/audit/history';
import { PositionCodec } from '../../src/shared/position-codec';
import { dataOf, startTestServer, type AnyData, type TestServer } from '../http/harness';

/** The history of an account as lines, and files that are written in several runs. */

const ACCOUNT = 'acme';
let server: TestServer;
let codec: PositionCodec;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  const { store } = server;
  codec = new PositionCodec({ identity: await store.identity(), line: await store.line() });
  folder = mkdtempSync(path.join(tmpdir(), 'rolebook-history-'));
  for (const user of ['ann', 'ben'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  dataOf(
    await server.graphql(`mutation { createRole(input: { name: "Desk, \\"night\\"", description: "Two\\nlines", reason: "CHG-1"
      userIds: ["User:ann", "User:ben"], grants: [{ permission: "campaigns/launch" }] }) { role { id } } }`),
  );
  await server.run({ type: 'deactivateUser', user: 'ann' }, { reason: 'Said "no", and left' });
  await server.run({ type: 'eraseUser', user: 'ben' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const encode = ({ ordinal, position, at }: HistoryRow): string =>
  codec.encode({ ordinal, position, time: at.getTime() }, ACCOUNT);

async function linesOf(format: Format, part: Partial<HistoryExport> = {}): Promise<string[]> {
  const lines: string[] = [];
  const view = server.readModels.view(ACCOUNT);
  for await (const entries of exportHistory(view, { after: null, ...part }))
    lines.push(...entries.map((entry) => LINES[format].line(entry, encode)));
  return lines;
}

const behind = (position: string): HistoryExport['after'] =>
  ordinalNamed(server.readModels, codec.decode(position, ACCOUNT), ACCOUNT);

/** Runs an export into a file, as the command does. */
const run = (format: Format, file: string, resume: boolean): Promise<void> =>
  withResumable(file, { form: LINES[format], resume }, async (write, after) => {
    const { head } = LINES[format];
    if (head !== null && after === null) await write(head);
    for (const text of await linesOf(format, { after: after === null ? null : behind(after) }))
      await write(text);
  });

test('each line tells what the API tells, oldest first', async () => {
  const lines = (await linesOf('ndjson')).map((text) => JSON.parse(text) as AnyData);
  const { history } = dataOf(
    await server.graphql(`{ history(first: 200) { totalCount nodes { position type at summary reason command requestId permission
      actor { name } role { key name } user { key name } changes { field before after permission } } } }`),
  );
  expect(lines).toHaveLength(history.totalCount);
  const told = lines.map(({ role, user, changes, ...each }) => ({
    position: each['position'],
    at: each['at'],
    summary: each['summary'],
    reason: each['reason'],
    command: each['command'],
    requestId: each['requestId'],
    permission: each['permission'],
    actor: { name: each['actor'].name ?? each['actor'].id },
    role: role && { key: `Role:${role.id}`, name: role.name },
    user: user && { key: `User:${user.id}`, name: user.name },
    changes: changes.map((change: AnyData) => ({ permission: null, ...change })),
  }));
  const nodes = history.nodes.map(({ type: _, ...node }: AnyData) => node);
  expect(told).toEqual(nodes.reverse());
  // An erased person keeps no name.
  expect(JSON.stringify(lines)).not.toContain('Name of ben');
});

test('CSV has the same, in one record an entry', async () => {
  const [head, ...records] = parse([LINES.csv.head, ...(await linesOf('csv'))].join('\n'));
  const objects = (await linesOf('ndjson')).map((text) => JSON.parse(text) as AnyData);
  const column = (name: string): string[] => records.map((record) => record[head!.indexOf(name)]!);
  for (const name of ['position', 'event', 'type', 'at', 'command', 'summary'])
    expect(column(name)).toEqual(objects.map((each) => each[name]));
  expect(column('reason')).toEqual(objects.map(({ reason }) => reason ?? ''));
  expect(column('roleName')).toContain('Desk, "night"');
});

test('behind a position, and between two times', async () => {
  const all = await linesOf('ndjson');
  const events = all.map((text) => (JSON.parse(text) as AnyData)['event'] as string);
  for (const [index, text] of all.entries()) {
    const { position, event } = JSON.parse(text) as AnyData;
    // Entries of one event are never parted.
    const rest = all.slice(events.lastIndexOf(event as string) + 1);
    for (const named of [position, event] as string[])
      if (index % 5 === 0) expect(await linesOf('ndjson', { after: behind(named) })).toEqual(rest);
  }
  const { at } = JSON.parse(all.at(-3)!) as AnyData;
  const [since, until] = [new Date(at as string), new Date(Date.parse(at as string) - 1)];
  const [late, early] = [await linesOf('ndjson', { since }), await linesOf('ndjson', { until })];
  expect([...early, ...late]).toEqual(all);
  expect(() => behind(`${all.length}`)).toThrow();
});

test.each(FORMATS)(
  'a %s file of a killed run is gone on with, without gap or repeat, wherever it ended',
  async (format) => {
    const whole = path.join(folder, `whole.${format}`);
    await run(format, whole, false);
    const bytes = readFileSync(whole);
    expect(statSync(whole).mode & 0o777).toBe(0o600);
    expect(bytes.length).toBeGreaterThan(2_000);
    for (let cut = 0; cut <= bytes.length; cut += Math.max(1, Math.floor(bytes.length / 60))) {
      const file = path.join(folder, `cut-${cut}.${format}`);
      writeFileSync(`${file}.part`, bytes.subarray(0, cut));
      await run(format, file, true);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  },
);

test('a run that fails leaves what it wrote, and nobody overwrites it', async () => {
  const file = path.join(folder, 'failed');
  const form = LINES.ndjson;
  const failing = withResumable(file, { form, resume: false }, async (write) => {
    await write('{"position":"a.1"}');
    throw new Error('the disk is gone');
  });
  await expect(failing).rejects.toThrow('the disk is gone');
  await expect(run('ndjson', file, false)).rejects.toThrow('is left of a run that did not end');
  await run('ndjson', file, true);
  await expect(run('ndjson', file, true)).rejects.toThrow('is there already');
  const other = path.join(folder, 'other');
  writeFileSync(`${other}.part`, readFileSync(file));
  await expect(run('csv', other, true)).rejects.toThrow('another form');
});
