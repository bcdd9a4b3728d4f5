import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { newDirectory, removeDirectory } from '../directories';
import { Installation } from '../end-to-end/installation';

/** Programs of others that judge and read what Rolebook gives out, with packages of their own. */

const { installOnce } = createRequire(__filename)('../../bin/build-steps.js') as {
  installOnce(folder: string, what: string): boolean;
};
const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

beforeAll(() => {
  if (!installOnce(__dirname, 'the programs of others')) throw new Error('Their packages are not there.');
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  script: string,
  {
    words = [],
    input = '',
    cwd = ROOT,
    env = {},
  }: { words?: string[]; input?: string; cwd?: string; env?: object } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(__dirname, script), ...words], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

describe('The document of AsyncAPI', () => {
  const document = read('schema', 'asyncapi.json');
  const parsed = JSON.parse(document) as {
    readonly components: { readonly messages: object };
    readonly operations: object;
  };
  /** With a reference to nothing, and with an operation that neither sends nor receives. */
  const broken = [
    document.replace(/"\$ref": "#\/components\/messages\/[^"]+"/, '"$ref": "#/components/messages/None"'),
    document
      .replace('"action": "receive"', '"action": "shout"')
      .replace('"action": "send"', '"action": "shout"'),
  ];

  interface Told {
    readonly version: string | null;
    readonly messages: readonly string[];
    readonly operations: readonly string[];
    readonly diagnostics: readonly { readonly severity: number; readonly message: string }[];
  }
  const parse = async (input: string): Promise<Told> => {
    const { stdout, stderr } = await run('asyncapi.mjs', { input });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Told;
  };

  test('its parser takes all of it and has nothing to say, and refuses what is broken', async () => {
    expect(await parse(document)).toEqual({
      version: '3.1.0',
      messages: Object.keys(parsed.components.messages).sort(),
      operations: Object.keys(parsed.operations),
      diagnostics: [],
    });
    for (const each of broken) {
      expect(each).not.toBe(document);
      const { diagnostics } = await parse(each);
      expect(diagnostics.some(({ severity }) => severity === 0)).toBe(true);
    }
  });

  test('its linter finds nothing, and finds what is broken', async () => {
    const folder = newDirectory();
    const lint = (input: string): Promise<Ran> => {
      const file = path.join(folder, 'asyncapi.json');
      writeFileSync(file, input);
      const words = [
        'lint',
        file,
        '--ruleset',
        path.join(__dirname, 'spectral.yaml'),
        '--fail-severity',
        'hint',
      ];
      return run(path.join('node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js'), { words });
    };
    const { code, stdout, stderr } = await lint(document);
    expect([code, stdout, stderr]).toEqual([0, expect.stringContaining('No results'), '']);
    for (const each of broken) expect((await lint(each)).code).toBe(1);
    removeDirectory(folder);
  });
});

describe('DuckDB', () => {
  const [parquet = '', byDay = ''] = [...read('docs', 'events.md').matchAll(/^```sql\n([^]*?)^```/gm)].map(
    ([, sql]) => sql,
  );
  const folder = newDirectory();
  const installation = new Installation();
  afterAll(() => {
    installation.remove();
    removeDirectory(folder);
  });

  interface Row {
    readonly day: string;
    readonly role: string;
    readonly members: string;
  }
  const ask = async (statements: readonly string[], zone: string): Promise<Record<string, string>[][]> => {
    const { stdout, stderr } = await run('duckdb.mjs', {
      input: JSON.stringify(statements),
      cwd: folder,
      env: { TZ: zone, HOME: folder },
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, string>[][];
  };

  test('makes Parquet of a table, and counts the members of each role by day, as the feed has them', async () => {
    const server = await installation.start();
    const headers = { authorization: `Bearer ${server.token}` };
    const feed = await (await fetch(`${server.url}/events?limit=10000`, { headers })).text();
    const out = path.join(folder, 'tables');
    expect((await installation.rolebook('export', 'tables', '--account', 'demo', '--out', out)).code).toBe(0);
    await server.stop();
    const expected = membersByDay(feed);
    const days = [...new Set(expected.map(({ day }) => day))];
    expect(days.length).toBeGreaterThan(10);
    const ofDemo = byDay
      .replace("'2026-03-01'", `'${days[0]!}'`)
      .replace("'2026-03-31'", `'${days.at(-1)!}'`);
    expect(ofDemo).not.toBe(byDay);
    for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
      const [, counted, rows, , , , members] = await ask(
        [
          parquet,
          `SELECT count(*) AS n FROM 'memberships.parquet'`,
          `SELECT count(*) AS n FROM 'tables/memberships.csv'`,
          // Word for word as the page has it, whatever it finds.
          ...statementsOf(byDay),
          ...statementsOf(ofDemo),
        ],
        zone,
      );
      expect(Number(counted?.[0]?.n)).toBeGreaterThan(50);
      expect(counted).toEqual(rows);
      expect([
        zone,
        (members as unknown as Row[]).map((row) => ({ ...row, members: Number(row.members) })),
      ]).toEqual([zone, expected]);
    }
  });
});

/** The statements of a block, without the semicolons at their ends. */
const statementsOf = (block: string): string[] =>
  block
    .split(/;\s*$/m)
    .map((each) => each.trim())
    .filter(Boolean);

interface Counted {
  readonly day: string;
  readonly role: string;
  readonly members: number;
}

/** Members of each role at the end of each day, in UTC, from the events of a feed. */
function membersByDay(feed: string): Counted[] {
  const roles = new Map<string, Set<string>>();
  const of = (role: string): Set<string> => roles.get(role) ?? roles.set(role, new Set()).get(role)!;
  const counted = new Map<string, Counted[]>();
  let [time, day] = ['', ''];
  const close = (until: string): void => {
    for (; day !== '' && day < until; day = dayAfter(day)) {
      const held = [...roles]
        .filter(([, users]) => users.size > 0)
        .map(([role, users]) => ({ day, role, members: users.size }));
      counted.set(
        day,
        held.sort((a, b) => (a.role < b.role ? -1 : 1)),
      );
    }
    day = until;
  };
  for (const line of feed.trim().split('\n')) {
    const event = JSON.parse(line) as { type?: string; time?: string; data?: { role: string; user: string } };
    if (event.type === undefined || event.data === undefined) continue;
    const { type, data } = event;
    // The time of a moment is that of the latest clock so far.
    if (event.time! > time) time = event.time!;
    if (time.slice(0, 10) !== day) close(time.slice(0, 10));
    if (type.startsWith('rolebook.UserAssigned.')) of(data.role).add(data.user);
    if (type.startsWith('rolebook.UserUnassigned.')) of(data.role).delete(data.user);
    if (type.startsWith('rolebook.RoleDeleted.')) of(data.role).clear();
    if (type.startsWith('rolebook.UserErased.')) for (const users of roles.values()) users.delete(data.user);
  }
  close(dayAfter(day));
  return [...counted.values()].flat();
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
