import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { contractVersion, contractVersions, schemaNeeded } from '../../src/domain/event-versions';
import { eventContracts } from '../../src/domain/event-contracts';
import { EVENT_EXAMPLES } from '../../src/domain/event-examples';
import { eventDefinitions, type EventType } from '../../src/domain/events';
import { validateEvent } from '../../src/domain/schemas';
import { programVersion } from '../../src/config/package-root';
import { asyncApi } from '../../src/feeds/contracts/asyncapi';
import { allContracts } from '../../src/feeds/contracts/contracts';

/** The contracts of events, as they are committed. */

const FOLDER = path.join(__dirname, '../../schema/events');
const committed = new Map(
  readdirSync(FOLDER)
    .filter((name) => /\.v\d+\.json$/.test(name))
    .map((name) => [
      name,
      JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8')) as Record<string, unknown>,
    ]),
);
const document = JSON.parse(readFileSync(path.join(FOLDER, '../asyncapi.json'), 'utf8')) as {
  readonly components: {
    readonly schemas: object;
    readonly messages: Readonly<
      Record<string, { readonly payload: object; readonly examples: readonly { readonly payload: object }[] }>
    >;
  };
};
const contracts = eventContracts();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
for (const [name, schema] of committed) ajv.addSchema(schema, name);

const isValid = (name: string, data: unknown): boolean => ajv.validate(`${name}.json`, data);

test('each version of each event has one, with description and example', () => {
  const names = Object.keys(eventDefinitions).flatMap((type) =>
    contractVersions(type as EventType).map((version) => `${type}.v${version}.json`),
  );
  expect([...committed.keys()].sort()).toEqual([...names, 'Envelope.v1.json'].sort());
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const { title, description, examples } = committed.get(name)!;
    expect(title).toBe(name.replace('.json', ''));
    expect(description).toMatch(/\.$/);
    expect(examples).toHaveLength(1);
  }
});

test.each(contracts.map(({ name, type, version, example }) => [name, { type, version, example }] as const))(
  'the example of %s is of this version and of no earlier one, for our validator and for another',
  (name, { type, version, example }) => {
    expect(isValid(name, example)).toBe(true);
    expect(validateEvent(type, example)).toEqual([]);
    expect(contractVersion(type, example)).toBe(version);
    for (const earlier of contractVersions(type).filter((each) => each < version))
      expect(isValid(`${type}.v${earlier}`, example)).toBe(false);
    for (const later of contractVersions(type).filter((each) => each > version))
      expect(isValid(`${type}.v${later}`, example)).toBe(true);
  },
);

test('a value that came later is of the later contract alone', () => {
  const claimed = { ...EVENT_EXAMPLES.Claimed, kind: 'IDENTITY' };
  expect(contractVersion('Claimed', claimed)).toBe(3);
  expect([1, 2, 3].map((version) => isValid(`Claimed.v${version}`, claimed))).toEqual([false, false, true]);
  expect(schemaNeeded('Claimed', claimed)).toBe(3);
});

test('a field that is not of the contract is refused, and so is one that is missing', () => {
  for (const { name, example } of contracts) {
    expect([name, isValid(name, { ...example, unknown: 1 })]).toEqual([name, false]);
    const { required } = committed.get(`${name}.json`) as { required: string[] };
    for (const field of required) {
      const { [field]: _left, ...rest } = example;
      expect([name, field, isValid(name, rest)]).toEqual([name, field, false]);
    }
  }
});

test('what is committed is what this program makes', () => {
  expect(Object.fromEntries(committed)).toEqual(allContracts());
  expect(document).toEqual(asyncApi(programVersion()));
});

describe('The document of AsyncAPI', () => {
  const draft7 = new Ajv({ strict: false, allErrors: true });
  addFormats(draft7);
  const { formats } = draft7;

  test('is valid by the schema of AsyncAPI 3.1', () => {
    const schema = JSON.parse(
      readFileSync(require.resolve('@asyncapi/specs/schemas/3.1.0.json'), 'utf8'),
    ) as object;
    // It brings the schema of schemas along.
    const validate = new Ajv({ strict: false, meta: false, validateSchema: false, formats }).compile(schema);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, channels: { events: { address: 7 } } })).toBe(false);
  });

  test('names each contract, with an example that is valid, and that no other message takes', () => {
    const { messages, schemas } = document.components;
    expect(Object.keys(messages).sort()).toEqual(
      [...contracts.map(({ name }) => name), 'heartbeat', 'end', 'reset'].sort(),
    );
    draft7.addSchema({ $id: 'doc', components: { schemas } });
    const validators = new Map(
      Object.entries(messages).map(([name, { payload }]) => [
        name,
        draft7.compile(
          JSON.parse(JSON.stringify(payload).replaceAll('"#/components', '"doc#/components')) as object,
        ),
      ]),
    );
    for (const [name, { examples }] of Object.entries(messages)) {
      const takers = [...validators]
        .filter(([, validate]) => validate(examples[0]!.payload))
        .map(([of]) => of);
      expect([name, takers]).toEqual([name, [name]]);
    }
  });
});
