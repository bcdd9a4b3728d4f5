import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Kind, OptionalKind, type TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import { createDecisionReads } from '../../projections';
import { openReadModels, type LocalReadModels } from '../../projections';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { createCommandBus } from '../../src/commands/bus';
import type { Command, CommandBus, CommandContext, CommandOutcome } from '../../src/commands/command';
import { commands as registry, type CommandType } from '../../src/commands/registry';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { plainSealing } from '../sealing/plain';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { eventDefinitions, EventMetadata } from '../../src/domain/events';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { validating } from '../../src/event-store/decorators/validating-store';
import { verifyLog } from '../../src/operations/log/verify';
import { newDirectory, removeDirectory } from '../directories';
import { runs } from '../scale';

/**
 * Every command of the registry, with input at and beyond every bound of the events' schemas and input of the wrong
 * kind: whatever is accepted, the projector, `log verify` and a rebuild take. Commands and bounds are found in the
 * definitions, so that one that is added is tried without anyone thinking of it.
 */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const store = validating(new MemoryEventStore());
const directory = newDirectory();
let models: LocalReadModels;
let bus: CommandBus;

beforeAll(async () => {
  await publishCatalogue({ store, file, metadata: operatorMetadata({ actorId: 'test', requestId: 'test' }) });
  models = await openReadModels({ directory, store });
  await models.caughtUp();
  bus = createCommandBus({
    store,
    reads: createDecisionReads(models),
    loader: new StreamLoader(store),
    sealing: plainSealing,
    eraseKeys: () => Promise.resolve(),
    now: () => new Date(),
    pause: async () => undefined,
  });
});
afterAll(async () => {
  await models.close();
  await store.close();
  removeDirectory(directory);
});

/** Lengths that some event's schema sets a bound at. */
function boundsIn(part: unknown, found = new Set<number>()): Set<number> {
  if (typeof part !== 'object' || part === null) return found;
  const { minLength, maxLength } = part as { readonly minLength?: number; readonly maxLength?: number };
  for (const bound of [minLength, maxLength]) if (typeof bound === 'number') found.add(bound);
  for (const inner of Object.values(part)) boundsIn(inner, found);
  return found;
}
const BOUNDS = [...boundsIn({ ...eventDefinitions, EventMetadata }), 64].sort((a, b) => a - b);

const lengths = fc.constantFrom(...BOUNDS.flatMap((bound) => [bound - 1, bound, bound + 1]));
const FILLS = ['a', 'ß', '😀', '\ufdfa', '漢'];
const fill = fc.constantFrom(...FILLS, 'e\u0301');
const longTexts = fc
  .tuple(lengths, fill, fc.string({ unit: 'grapheme', maxLength: 3 }))
  .map(([length, filler, start]) =>
    [...(start + filler.repeat(length))].slice(0, Math.max(0, length)).join(''),
  );
const oddTexts = fc.constantFrom(
  '',
  ' ',
  'a\u0000b',
  'a\ud800b',
  'a\nb',
  '\u200b',
  '\u202eadmin',
  '__proto__',
  'constructor',
  '\uffff',
);
const anyText = fc.oneof(
  { weight: 3, arbitrary: longTexts },
  oddTexts,
  fc.string({ unit: 'binary', maxLength: 10 }),
);

const DATES = [
  '0000-01-01T00:00:00+01:00',
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00Z',
  '2020-02-29T12:00:00.5Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00Z',
  'never',
].map((text) => new Date(text));
const anyDate = fc.oneof(
  fc.constantFrom(...DATES, new Date(8.64e15), new Date(-8.64e15), new Date(NaN)),
  fc.date({ noInvalidDate: false }),
);

/** A few permissions that come with scopes, so that wishes about the same one meet. */
const FEW = file.permissions.filter(({ scopes }) => scopes.length > 1).slice(0, 2);

/** Existing ids by the name of a field, so that many commands get as far as a decision. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  role: ['account-admin', 'agent-for-conversations', 'supervisor-for-conversations', 'NEWEST', 'FIRST'],
  user: ['ada', 'bob', 'cyd', 'dan', 'bot', 'bot'],
  prefix: ['rbk_0000'],
  hash: ['0'.repeat(64), 'f'.repeat(64)],
  apiKey: ['NEWEST'],
  userIds: ['ada', 'bob', 'cyd', 'dan'],
  assignUserIds: ['bob', 'cyd'],
  unassignUserIds: ['dan', 'cyd'],
  permission: FEW.map(({ key }) => key),
  permissions: FEW.map(({ key }) => key),
  scopes: FEW.flatMap(({ scopes }) => scopes),
  section: file.sections.map(({ key }) => key),
  feature: file.features.map(({ key }) => key),
  features: file.features.map(({ key }) => key),
  issuer: ['https://login.example', `https://${'i'.repeat(292)}`, `https://${'i'.repeat(293)}`],
};

/** An ordinal that the publication of the catalogue alone reaches. */
const PAST = 100;

/** Username of a user who is erased before the commands. */
const SUPPRESSED = 'eve';
/** A user whom commands erase. */
const ERASABLE = 'fay';

const WRONG = fc.constantFrom<unknown>(null, 7, true, {}, [], ['a', 'b'], { a: 1 }, Number.NaN, -1);

/** Values of a schema: mostly of its kind, some of another. `name`: the field that holds it. */
function valuesOf(schema: TSchema, name: string): fc.Arbitrary<unknown> {
  const right = rightValues(schema, name);
  return fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: WRONG });
}

function rightValues(schema: TSchema, name: string): fc.Arbitrary<unknown> {
  switch (schema[Kind]) {
    case 'String': {
      if (name === 'username')
        return fc.oneof({ weight: 2, arbitrary: anyText }, { weight: 1, arbitrary: fc.constant(SUPPRESSED) });
      const known = KNOWN[name];
      return known
        ? fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: anyText })
        : anyText;
    }
    case 'Array':
      return fc.oneof(
        { weight: 20, arbitrary: fc.array(valuesOf(schema.items as TSchema, name), { maxLength: 3 }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(1_000, 1_001, 10_001).map((n) => Array<string>(n).fill('ada')),
        },
      );
    case 'Union':
      return fc.oneof(...(schema.anyOf as TSchema[]).map((each) => rightValues(each, name)));
    case 'Object':
      return inputsOf(schema);
    case 'Integer':
      // Beyond the end of the log a moment is asked for again later, and nothing is decided.
      return fc.integer({
        min: Number(schema.minimum) - 1,
        max: name === 'asOf' ? PAST : Number(schema.maximum) + 1,
      });
    case 'Boolean':
      return fc.boolean();
    case 'Date':
      return anyDate;
    case 'Literal':
      return fc.constant(schema.const);
    case 'Null':
      return fc.constant(null);
    default:
      throw new Error(`No values for ${String(schema[Kind])}`);
  }
}

function inputsOf(schema: TSchema): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries(schema.properties as Record<string, TSchema>);
  const required = properties.filter(([, each]) => !(OptionalKind in each)).map(([name]) => name);
  const fields = Object.fromEntries(properties.map(([name, each]) => [name, valuesOf(each, name)]));
  const optional = properties.map(([name]) => name).filter((name) => !required.includes(name));
  const any = fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<Record<string, unknown>>;
  if (optional.length < 2) return any;
  // One of many fields is mostly bad, so that hardly a command with all of them is taken.
  const one = fc.constantFrom(...optional).chain((name) => {
    const few = Object.fromEntries([...required, name].map((each) => [each, fields[each]!]));
    return fc.record(few) as fc.Arbitrary<Record<string, unknown>>;
  });
  return fc.oneof(any, one);
}

const types = Object.keys(registry) as CommandType[];
const commands = fc
  .constantFrom(...types)
  .chain((type) => inputsOf(registry[type].input).map((fields) => ({ ...fields, type })));
const contexts = fc.record(
  {
    reason: fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: WRONG }),
    idempotencyKey: fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: WRONG }),
    expectedVersion: fc.constantFrom<unknown>(null, 0, -1, 1.5, '1'),
    causationId: fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: WRONG }),
  },
  { requiredKeys: [] },
);

const ACCOUNT = 'bounds';
const CONTEXT: CommandContext = {
  account: ACCOUNT,
  actor: { type: 'operator', id: 'test' },
  requestId: 'test',
};

async function ask(command: object, context: object = {}): Promise<CommandOutcome> {
  return bus.execute(command as Command, { ...CONTEXT, ...context });
}

/** Executes what must be accepted, and waits until it can be read. */
async function given(command: Command, context: object = {}): Promise<string> {
  const outcome = await ask(command, context);
  if (!outcome.accepted) throw new Error(`${command.type}: ${outcome.refusals[0]?.message}`);
  expect(await models.waitFor(outcome.position!, 10_000)).toBe(true);
  return outcome.owner.id;
}

/** Commands that could take all its grants from a role. */
const TAKING = ['deleteRole', 'updateRole', 'revokePermissions', 'selectSection'];

/** The custom role that a draw stands for; the first one keeps its grants, so that there are some to change. */
function roleOf(drawn: object, custom: readonly string[]): { readonly role?: string } {
  const { type, role } = drawn as { readonly type: string; readonly role?: unknown };
  if (role !== 'FIRST' && role !== 'NEWEST') return {};
  if (role === 'FIRST' && !TAKING.includes(type)) return { role: custom[0] };
  return { role: custom.slice(1).at(-1) ?? 'none' };
}

/** A role whose permission has the scopes: of known roles and scopes few combinations go together. */
function scopedOf(
  drawn: object,
  [first]: readonly string[],
): { readonly role?: string; readonly scopes?: readonly unknown[] } {
  const { type, role, permission, scopes } = drawn as { readonly [field: string]: unknown };
  const own: readonly unknown[] | undefined = FEW.find(({ key }) => key === permission)?.scopes;
  if (type !== 'setPermissionScopes' || own === undefined || !Array.isArray(scopes)) return {};
  const others = FEW.flatMap((each): readonly unknown[] => each.scopes).filter((each) => !own.includes(each));
  const known = KNOWN['role']?.includes(role as string);
  return { scopes: scopes.filter((each) => !others.includes(each)), ...(known ? { role: first } : {}) };
}

/** The user in place of those whom commands are to find there until the end: an erasure is for ever. */
const userOf = (drawn: object): { readonly user?: string } => {
  const { type, user } = drawn as { readonly type: string; readonly user?: unknown };
  return type === 'eraseUser' && (user === 'bob' || user === 'dan') ? { user: ERASABLE } : {};
};

/** The service user and the key that a draw stands for: of the keys the newest. The one who has them is not erased. */
function keyOf(drawn: object, keys: readonly string[]): { readonly user?: string; readonly apiKey?: string } {
  const { type, user, apiKey } = drawn as { readonly [field: string]: unknown };
  if (type === 'eraseUser' || type === 'deactivateUser') return user === 'bot' ? { user: 'dan' } : {};
  return type === 'revokeApiKey' && apiKey === 'NEWEST' ? { user: 'bot', apiKey: keys.at(-1) ?? 'none' } : {};
}

test('what any command writes, at and beyond every bound, every reader takes', async () => {
  await given({ type: 'openAccount', name: ACCOUNT, features: ['FLOW', 'PEOPLE'] });
  for (const user of ['ada', 'bob', 'cyd', 'dan', ERASABLE, SUPPRESSED])
    await given({ type: 'registerUser', user, username: user });
  await given({ type: 'eraseUser', user: SUPPRESSED });
  await given({ type: 'assignUsers', role: 'account-admin', userIds: ['ada'] });
  const grants = FEW.map(({ key }) => ({ permission: key }));
  const custom = [await given({ type: 'createRole', name: 'First', grants })];
  await given({ type: 'registerUser', user: 'bot', username: 'bot', kind: 'SERVICE' });
  const keys: string[] = [];
  const seen = { accepted: new Map<string, number>(), refused: new Map<string, number>() };
  await fc.assert(
    fc.asyncProperty(commands, fc.oneof(fc.constant({}), contexts), async (drawn, context) => {
      const command = {
        ...drawn,
        ...roleOf(drawn, custom),
        ...scopedOf(drawn, custom),
        ...userOf(drawn),
        ...keyOf(drawn, keys),
      };
      const outcome = await ask(command, context);
      const counts = outcome.accepted ? seen.accepted : seen.refused;
      counts.set(command.type, (counts.get(command.type) ?? 0) + 1);
      if (!outcome.accepted) {
        expect(outcome.refusals.every(({ code, message }) => code.length > 0 && message.length < 500)).toBe(
          true,
        );
        return;
      }
      if (outcome.written > 0) {
        expect(await models.waitFor(outcome.position!, 10_000)).toBe(true);
        if (outcome.apiKey !== undefined) keys.push(outcome.apiKey);
        if (command.type === 'createRole' || command.type === 'duplicateRole') custom.push(outcome.owner.id);
        if (command.type === 'deleteRole') custom.splice(custom.indexOf(outcome.owner.id), 1);
      }
    }),
    { ...runs(5_800, 20261128), endOnFailure: true },
  );
  // A command that nothing of was taken was not tried.
  expect(types.filter((type) => !seen.accepted.has(type) || !seen.refused.has(type))).toEqual([]);
  await given({ type: 'registerUser', user: 'sky', username: 'sky', kind: 'SERVICE' });
  for (const each of FILLS) {
    const text = (length: number): string => each.repeat(length);
    // A reason is bounded in characters and in bytes of UTF-8.
    const longest = Math.min(200, Math.floor(300 / Buffer.byteLength(each)));
    // A name and a username that no draw gave before.
    await given(
      { type: 'createRole', name: `8${text(99)}`, description: text(1_000) },
      { reason: text(longest) },
    );
    await given({
      type: 'registerUser',
      username: `8${text(199)}`,
      name: text(200),
      externalId: `8${text(199)}`,
      identity: { issuer: `https://${'i'.repeat(292)}`, subject: `8${text(254)}` },
    });
    const key = { user: 'sky', prefix: 'rbk_0000', hash: '0'.repeat(64) };
    await given({ type: 'createApiKey', ...key, name: text(100), expiresInDays: 365 });
    const beyond = [
      ask({ type: 'createRole', name: text(101) }),
      ask({ type: 'createRole', name: `${each}1`, description: text(1_001) }),
      ask({ type: 'createRole', name: `${each}2` }, { reason: text(longest + 1) }),
      ask({ type: 'registerUser', username: text(201) }),
      ask({ type: 'registerUser', username: `${each}3`, name: text(201) }),
      ask({ type: 'registerUser', username: `${each}4`, externalId: text(201) }),
      ask({ type: 'linkUserIdentity', user: 'ada', issuer: 'https://login.example', subject: text(256) }),
      ask({ type: 'linkUserIdentity', user: 'ada', issuer: `https://${'i'.repeat(293)}`, subject: each }),
      ask({ type: 'createApiKey', ...key, name: text(101) }),
      ask({ type: 'createApiKey', ...key, name: each, expiresInDays: 366 }),
    ];
    expect((await Promise.all(beyond)).map(({ accepted }) => accepted)).toEqual(
      Array(beyond.length).fill(false),
    );
  }
  expect(models.status()).toMatchObject({ state: 'live', poison: null });
  expect((await verifyLog(store, () => undefined)).faults).toEqual([]);
  const before = await models.digest();
  await models.rebuild();
  expect(await models.digest()).toBe(before);
});

test('the moment of a sign-in that broke its own schema is refused, and nothing stops', async () => {
  const events: RecordedEvent[] = [];
  for await (const event of store.readAll()) events.push(event);
  for (const at of [
    '0000-01-01T00:00:00+01:00',
    '1969-12-31T23:59:59.999Z',
    '+010000-01-01T00:00:00Z',
    'x',
  ]) {
    const outcome = await ask({ type: 'recordLogin', user: 'bob', at: new Date(at) });
    expect(outcome).toMatchObject({ accepted: false, refusals: [{ code: 'INVALID_INPUT', field: ['at'] }] });
  }
  expect(await store.head()).toMatchObject({ position: events.at(-1)?.position });
});
