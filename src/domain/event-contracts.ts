import { contractVersions, isInContract, valuesOfContract } from './event-versions';
import { definitionsIn, eventDefinitions, type EventType } from './events';
import { EVENT_EXAMPLES } from './event-examples';
import { published, type JsonSchema } from './schemas';

/**
 * Contracts of events with those who read them: for each version of each type a JSON Schema that never changes any more. What is
 * added to a type is in the contract of the next version.
 */

export interface EventContract {
  readonly type: EventType;
  readonly version: number;
  /** `UserRegistered.v3`. */
  readonly name: string;
  readonly description: string;
  readonly example: Readonly<Record<string, unknown>>;
  /** Schema of the data, without `$schema` and `$id`. */
  readonly schema: JsonSchema;
}

/** Name of a contract, as addresses and types of the envelope have it. */
export const contractName = (type: string, version: number): string => `${type}.v${version}`;

/** All contracts, by type in the order of the definitions. */
export const eventContracts = (): EventContract[] =>
  (Object.keys(eventDefinitions) as EventType[]).flatMap((type) =>
    contractVersions(type).map((version) => contractOf(type, version)),
  );

function contractOf(type: EventType, version: number): EventContract {
  const { description = '', ...definition } = published(definitionsIn.read[type]) as JsonSchema & {
    readonly description?: string;
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, JsonSchema>>;
  };
  const name = contractName(type, version);
  const example = {
    ...Object.fromEntries(
      Object.entries(EVENT_EXAMPLES[type]).filter(([field]) => isInContract(type, version, field)),
    ),
    ...valuesOfContract(type, version),
  };
  const properties = Object.fromEntries(
    Object.entries(definition.properties)
      .filter(([field]) => isInContract(type, version, field))
      .map(([field, schema]) => [field, withoutLaterValues(type, version, field, schema)]),
  );
  const schema = { title: name, description, ...definition, properties, examples: [example] };
  return { type, version, name, description, example, schema };
}

function withoutLaterValues(type: EventType, version: number, field: string, schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.enum)) return schema;
  return {
    ...schema,
    enum: (schema.enum as string[]).filter((value) => isInContract(type, version, field, value)),
  };
}

/** The contracts as files: JSON Schemas by name of file. */
export const contractFiles = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    eventContracts().map(({ name, schema }) => [
      `${name}.json`,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:rolebook:contract:${name}`,
        ...schema,
      },
    ]),
  );
