import { loadConfig } from '../../src/config/config';
import { issueToken } from '../../src/http/authentication/local-tokens';
import { loadSigningKey } from '../../src/http/authentication/signing-key';
import { PositionCodec } from '../../src/shared/position-codec';
import {
  about,
  keepingTheCatalogue,
  notesOf,
  printed,
  questions,
  rows,
  sent,
  unpack,
  type Change,
  type Data,
  type Page,
  type Payload,
  type Question,
} from './folder-of-0-1-0';
import { ADDED_TYPES, askedToday, asThen, REFUSED_SINCE, variablesToday, type Fields } from './told-by-0-1-0';
import { Installation, type Answer, type CommandResult, type ServerProcess } from './installation';
/**
 * A data folder that release 0.1.0 made, opened by today's program as an operator opens it who upgrades: every event is
 * read as it was recorded, and every answer is the one that 0.1.0 gave. Its encrypted copy gives them too, and is written
 * on. How the folder was made is told beside it, in `test/fixtures/release-0.1.0/README.md`.
 */

const ADMIN = 'admin@demo';

/** Those that carried a key, and what came of them in 0.1.0. */
const keyed = sent.filter(({ variables }) => variables.input.idempotencyKey !== undefined);

/** Answers that list more on purpose: of what 0.1.0 told in `from`, questions of the same form, what `adds` says. */
const LISTED_SINCE: Readonly<
  Record<
    string,
    { readonly why: string; readonly from: readonly string[]; readonly adds: (node: Data) => boolean }
  >
> = {
  [`roles named nightwatch, ${ADMIN}`]: {
    why: 'A search does not see invisible characters; 0.1.0 took them for letters.',
    from: [`custom roles now, ${ADMIN}`],
    adds: ({ name }) => name === 'NIGHT\u200b\u2060\u200fWATCH',
  },
  [`roles named №, ${ADMIN}`]: {
    why: 'A search of roles looks into descriptions too; the sign is read as “No”.',
    from: [`default roles now, ${ADMIN}`, `custom roles now, ${ADMIN}`],
    adds: ({ description }) => /no/i.test(String(description)),
  },
  [`users named ann lee, ${ADMIN}`]: {
    why: 'A search does not see invisible characters; 0.1.0 took them for letters.',
    from: [`users now, ${ADMIN}`],
    adds: ({ name }) => name === 'Ann \u200b\u2060\u200fLee',
  },
  [`users named ann.lee, ${ADMIN}`]: {
    why: 'A search does not see invisible characters; 0.1.0 took them for letters.',
    from: [`users now, ${ADMIN}`],
    adds: ({ username }) => username === 'ann.\u200b\u2060\u200flee',
  },
  [`history of {"permission":"viber/manage"}, ${ADMIN}`]: {
    why: 'The history of a permission has the deletions of roles that granted it; 0.1.0 left them out.',
    from: [`history, ${ADMIN}`],
    adds: ({ type, reason }) => type === 'RoleDeleted' && reason === 'once is enough',
  },
};

const pageOf = (data: Data): [string, Page] => Object.entries(data)[0] as [string, Page];

/** The answer that today's program owes: that of 0.1.0, with what is listed since. */
function owed({ name, data }: Question): Data {
  const since = LISTED_SINCE[name];
  if (!since) return data;
  const [field, page] = pageOf(data);
  const ids = new Set(page.edges.map(({ node }) => node.id));
  const all = since.from.flatMap((from) => {
    const asked = questions.find((each) => each.name === from);
    if (!asked) throw new Error(`There is no question “${from}”.`);
    return pageOf(asked.data)[1].edges;
  });
  const edges = all.filter(({ node }) => ids.has(node.id) || since.adds(node));
  return { [field]: { totalCount: edges.length, edges } };
}

/** The latest time in the log. Told to the server: this machine's clock may be behind it. */
const latest = [printed.demo, printed.acme]
  .flatMap((events) => events.toString().match(/"recordedAt":"[^"]+/g) ?? [])
  .reduce((a, b) => (a > b ? a : b))
  .slice('"recordedAt":"'.length);

/** Everything that today's program told of a folder, and wrote into it. */
interface Told {
  /** Answers, by the name of the question. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Number of entries in the history of the demo that tell what publications changed. */
  readonly added: number;
  readonly repeated: readonly {
    readonly change: Change;
    readonly answer: Answer<Readonly<Record<string, Payload>>>;
  }[];
  readonly positions: { readonly start: string; readonly repeated: string };
  readonly written: readonly { readonly mutation: string; readonly codes: string }[];
}

/** Changes made today: roles and users with the names that 0.1.0 took, and rules that rest on what it recorded. */
const CHANGES: readonly (readonly [mutation: string, input: object, codes: string])[] = [
  ['createRole', { name: 'nightwatch' }, 'NAME_TAKEN'],
  ['registerUser', { username: 'Zo\u00eb.O\u2019BRIEN' }, 'USERNAME_TAKEN'],
  ['assignUsers', { roleId: 'Role:campaign-approval-manager', userIds: ['User:odd-6'] }, 'ROLE_CONFLICT'],
  ['reactivateUser', { id: 'User:odd-4' }, ''],
  ['deactivateUser', { id: 'User:odd-3' }, ''],
  ['updateUser', { id: 'User:odd-3', name: 'Muhammad' }, ''],
  ['updateUser', { id: 'User:odd-6', username: 'ann.jones' }, ''],
  ['registerUser', { username: 'ann.lee-jones' }, ''],
  ['recordLogin', { id: 'User:odd-0', at: '2024-02-29T00:00:00Z' }, ''],
  ['updateRole', { id: '$night', name: 'Night', assignUserIds: ['User:odd-4'] }, ''],
  ['revokePermissions', { roleId: '$night', permissions: ['articles/publish'] }, ''],
  ['grantPermissions', { roleId: '$night', grants: [{ permission: 'people/forget' }] }, ''],
  ['duplicateRole', { id: '$night' }, ''],
  ['deleteRole', { id: '$night' }, ''],
  ['updateRole', { id: '$heir', description: 'By another name.', assignUserIds: ['User:odd-7'] }, ''],
  ['updateRole', { id: '$heir', name: 'NIGHT\u200b\u2060\u200fWATCH', description: null }, ''],
  ['duplicateRole', { id: '$heir' }, ''],
  ['updateUser', { id: 'User:odd-7', name: 'Ann' }, ''],
  ['updateUser', { id: 'User:odd-3', username: 'mada' }, ''],
  ['deactivateUser', { id: 'User:odd-7' }, ''],
  ['disableFeature', { feature: 'DATA_EXPORT' }, ''],
];

/** `positionOf`: the position that a folder has for one of 0.1.0, of an account. */
async function askAndChange(
  installation: Installation,
  server: ServerProcess,
  positionOf = (then: string, _account: string): string => then,
): Promise<Told> {
  const answers = new Map<string, Answer>();
  const repeated: Told['repeated'][number][] = [];
  const written: Told['written'][number][] = [];
  const key = loadSigningKey(loadConfig(installation.settings));
  const ask = async <T = Data>(as: string, query: string, variables: object): Promise<Answer<T>> => {
    const user = about.callers[as]?.slice('User:'.length) ?? '';
    const token = await issueToken(key, { account: as.split('@')[1] ?? '', user });
    return server.graphql<T>(query, variables, { authorization: `Bearer ${token}` });
  };
  const position = async (): Promise<string> =>
    (await ask(ADMIN, '{ __typename }', {})).extensions?.position ?? '';

  const start = await position();
  for (const { name, as, query, variables } of questions) {
    const account = as.split('@')[1] ?? '';
    const now = JSON.stringify(variables).replace(POSITION, (then) => positionOf(then, account));
    answers.set(name, await ask(as, askedToday(about.queries[query]), variablesToday(now)));
  }
  const total = `{ history(filter: { types: [${ADDED_TYPES.join()}] }) { totalCount } }`;
  const added = (await ask<{ history: Page }>(ADMIN, total, {})).data.history.totalCount;
  for (const change of keyed)
    repeated.push({ change, answer: await ask(change.as, change.query, change.variables) });
  const positions = { start, repeated: await position() };

  const roles = { $night: roleNamed('„Nacht’wache“ № 1'), $heir: roleNamed('NIGHT\u200b\u2060\u200fWATCH') };
  for (const [mutation, input] of CHANGES) {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { errors { code } } }`;
    const variables = {
      input: JSON.parse(
        JSON.stringify(input).replace(/\$night|\$heir/g, (each) => roles[each as keyof typeof roles]),
      ) as object,
    };
    const { data, errors } = await ask<Record<string, Payload>>(ADMIN, query, variables);
    const codes = errors ? JSON.stringify(errors) : data[mutation]?.errors.map(({ code }) => code).join();
    written.push({ mutation, codes: codes ?? 'no answer' });
  }
  return { answers, added, repeated, positions, written };
}

function roleNamed(name: string): string {
  const list = questions.find((question) => question.name === `custom roles now, ${ADMIN}`);
  const found = list && pageOf(list.data)[1].edges.find(({ node }) => node.name === name);
  return String(found?.node.id);
}

/** `form`: what is left of an answer to be compared; copies have positions of their own. */
function owesTheAnswers(told: () => Told, form: (answer: unknown) => unknown = (answer) => answer): void {
  describe('the answers', () => {
    test.each(questions)('$name', (question) => {
      const answer = told().answers.get(question.name);
      expect(answer?.errors).toBeUndefined();
      const then = owed(question);
      const today = asThen(answer?.data as Fields, then as Fields, { added: told().added });
      expect(form(today)).toEqual(form(then));
    });

    test('tell what the publications changed in default roles, which 0.1.0 did not', () => {
      const { data } = told().answers.get(`history of {"role":"Role:account-admin"}, ${ADMIN}`)!;
      const types = pageOf(data)[1].edges.map(({ node }) => node['type']);
      expect(types.filter((type) => type === 'DEFAULT_ROLE_CHANGED')).toHaveLength(2);
      expect(told().added).toBeGreaterThan(18);
    });

    test.each(Object.entries(LISTED_SINCE))('%s: more than 0.1.0 listed', (name) => {
      const question = questions.find((each) => each.name === name);
      expect(question).toBeDefined();
      if (question) expect(owed(question)).not.toEqual(question.data);
    });
  });
}

function owesTheChanges(told: () => Told, form: (answer: unknown) => unknown): void {
  describe('a command under a key that 0.1.0 took', () => {
    const named = keyed.map(({ variables }, index) => ({ key: variables.input.idempotencyKey ?? '', index }));
    test.each(named.filter(({ key }) => !REFUSED_SINCE.has(key)))(
      'has its first outcome: $key',
      ({ index }) => {
        const { change, answer } = told().repeated[index] ?? {};
        expect(answer?.errors).toBeUndefined();
        expect(form(answer?.data)).toEqual(form(change?.answer.data));
      },
    );

    test.each(named.filter(({ key }) => REFUSED_SINCE.has(key)))(
      'is refused for its text: $key',
      ({ index }) => {
        const { answer } = told().repeated[index] ?? {};
        const [payload] = Object.values(answer?.data ?? {});
        expect(payload).toMatchObject({ errors: [{ code: 'INVALID_INPUT' }], position: null });
      },
    );

    test('writes nothing', () => {
      expect(told().repeated).toHaveLength(keyed.length);
      const { positions } = told();
      expect(positions.repeated).toBe(positions.start);
    });
  });

  describe('changes', () => {
    test('are taken, and refused by what 0.1.0 recorded', () => {
      expect(told().written).toEqual(CHANGES.map(([mutation, , codes]) => ({ mutation, codes })));
    });
  });
}

describe('a folder of 0.1.0', () => {
  const installation = new Installation({ ROLEBOOK_CLOCK_AHEAD_UNTIL: latest });
  let told: Told;
  let before: unknown[];
  let after: unknown[];
  let verifiedBefore: CommandResult;
  let verifiedAfter: CommandResult;
  let eventsPrinted: Record<'demo' | 'acme', CommandResult>;
  let exitCode: number | null;
  let metrics: string;

  beforeAll(async () => {
    unpack(installation.directory);
    before = rows(installation.directory);
    const [verified, demo, acme] = await Promise.all([
      installation.rolebook('log', 'verify', '--json'),
      installation.rolebook('events', '--account', 'demo'),
      installation.rolebook('events', '--account', 'acme'),
    ]);
    verifiedBefore = verified;
    eventsPrinted = { demo, acme };
    const server = await installation.start(keepingTheCatalogue(installation.directory));
    told = await askAndChange(installation, server);
    metrics = await (await fetch(new URL('/metrics', server.url))).text();
    exitCode = await server.stop();
    verifiedAfter = await installation.rolebook('log', 'verify', '--tables', '--json');
    after = rows(installation.directory);
  });
  afterAll(() => installation.remove());

  describe('the events', () => {
    test('have every type that 0.1.0 had', () => {
      const types = new Set((before as { type: string }[]).map(({ type }) => type));
      expect([...types].sort()).toEqual([...about.types].sort());
    });

    test('are sound, with the digest that 0.1.0 gave', () => {
      expect(verifiedBefore).toMatchObject({ code: 0 });
      expect(JSON.parse(verifiedBefore.stdout)).toMatchObject([{ ...about.verified, faults: 0 }]);
    });

    test.each(['demo', 'acme'] as const)(
      'of the account %s are told byte for byte as by 0.1.0',
      (account) => {
        const { code, stdout } = eventsPrinted[account];
        expect(code).toBe(0);
        expect(stdout.split('\n')).toEqual(printed[account].toString().split('\n'));
      },
    );
  });

  owesTheAnswers(() => told);

  describe('a change', () => {
    test('is refused, whether it was taken before or not: the log holds names in clear', () => {
      const codes = [
        ...told.repeated.map(({ answer }) => answer.errors),
        ...told.written.map(({ codes }) => codes),
      ];
      expect(codes).toHaveLength(keyed.length + CHANGES.length);
      expect(codes.filter((each) => !JSON.stringify(each ?? null).includes('LOG_FORMAT_1'))).toEqual([]);
    });

    test('needs no key book: none is shown', () => {
      expect(metrics).toContain('rolebook_unreadable_events_total 0');
      expect(metrics).not.toMatch(/^rolebook_key_book_/m);
    });

    test('leaves the events of 0.1.0 as they are', () => {
      expect(exitCode).toBe(0);
      expect(before).toHaveLength(about.verified.events);
      expect(after).toEqual(before);
    });

    test('leaves a sound log, whose read models are those that a rebuild makes', () => {
      expect(verifiedAfter).toMatchObject({ code: 0 });
      expect(JSON.parse(verifiedAfter.stdout)).toMatchObject([{ events: after.length, faults: 0 }]);
    });
  });
});

const POSITION = /(?<=")[0-9a-f]{8}-[0-9a-z]+(?=")/g;

/** Positions in a copy: numbers of events, which are the positions of the log that it is a copy of. */
function positionsIn(directory: string): (then: string, account: string) => string {
  const events = rows(directory) as readonly { readonly metadata: string }[];
  const times = events.map(({ metadata }) =>
    Date.parse((JSON.parse(metadata) as Data)['recordedAt'] as string),
  );
  const { identity, line } = notesOf(directory);
  const codec = new PositionCodec({ identity, line });
  return (then, account) => {
    const ordinal = Number.parseInt(then.split('-')[1] ?? '', 36);
    const time = Math.max(...times.slice(0, ordinal));
    return codec.encode({ ordinal, time, position: BigInt(ordinal) }, account);
  };
}

const withoutPositions = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (name, value: unknown) => (name === 'position' ? null : value));

describe('its encrypted copy', () => {
  const source = new Installation({});
  const installation = new Installation({ ROLEBOOK_CLOCK_AHEAD_UNTIL: latest });
  let told: Told;
  let copied: CommandResult;
  let verified: CommandResult;
  let text: string;

  beforeAll(async () => {
    unpack(source.directory);
    copied = await installation.rolebook(
      'log',
      'copy',
      '--encrypt',
      '--json',
      '--from',
      source.directory,
      '--to',
      installation.directory,
    );
    text = JSON.stringify(rows(installation.directory), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const server = await installation.start(keepingTheCatalogue(installation.directory));
    told = await askAndChange(installation, server, positionsIn(installation.directory));
    await server.stop();
    verified = await installation.rolebook('log', 'verify', '--tables', '--json');
  });
  afterAll(() => [source, installation].forEach((each) => each.remove()));

  test('has every event, and no name of a user', () => {
    expect(copied).toMatchObject({ code: 0 });
    expect(copied.stderr).toContain(`${about.verified.events} events copied, 0 were there`);
    const names = printed.demo.toString().match(/(?<="username":")[^"]{6,}/g) ?? [];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => text.includes(name))).toEqual([]);
  });

  test('is made with a list of the names that 0.1.0 told apart, and nobody does today', () => {
    expect(JSON.parse(copied.stdout)).toEqual([
      { account: 'demo', kind: 'USERNAME', ids: ['odd-7', 'odd-heir'], holder: 'odd-heir' },
      {
        account: 'demo',
        kind: 'ROLE_NAME',
        ids: ['r_7f4306daf16fe30c3742', 'r_537a70b1e7d966ffd010'],
        holder: 'r_7f4306daf16fe30c3742',
      },
    ]);
  });

  owesTheAnswers(() => told, withoutPositions);
  owesTheChanges(() => told, withoutPositions);

  test('is a sound log after it', () => {
    expect(verified).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject([{ faults: 0, format: 2 }]);
  });
});
