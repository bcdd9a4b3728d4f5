import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';

/** Judges of events other than Rolebook: the committed JSON Schemas under another validator, and CloudEvents. */

export const CONTRACTS = path.join(__dirname, '..', '..', 'schema', 'events');

export function schemasIn(folder: string): Map<string, ValidateFunction> {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        path.basename(file, '.json'),
        ajv.compile(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object),
      ]),
  );
}

/** The JSON Schema of the specification, as the SDK has it compiled. */
const isCloudEvent = (
  createRequire(__filename)('cloudevents/dist/schema/v1.js') as { default: ValidateFunction }
).default;

/** Attributes of CloudEvents itself. */
const ATTRIBUTES = [
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'data'],
];

/**
 * Faults of an envelope: it is to be what CloudEvents says, by its SDK and by the schema of its specification, and it and its data
 * what the contracts say that it names. One that is void names none.
 */
export function envelopeFaults(
  contracts: ReadonlyMap<string, ValidateFunction>,
  event: Readonly<Record<string, unknown>>,
): unknown[] {
  const contract = String(event.type).replace('rolebook.', '');
  const isVoid = event.voided === 'true';
  const faults: unknown[] = [];
  if (!isVoid && path.basename(String(event.dataschema), '.json') !== contract)
    faults.push([contract, event.dataschema]);
  const judge = (name: string, validate: ValidateFunction | undefined, value: unknown): void => {
    if (!validate?.(value)) faults.push([name, validate?.errors ?? 'There is no such contract.']);
  };
  if (!isVoid) judge(contract, contracts.get(contract), event.data);
  judge('Envelope.v1', contracts.get('Envelope.v1'), event);
  judge('CloudEvents', isCloudEvent, event);
  if (!new CloudEvent(event as Partial<CloudEvent<unknown>>, true).validate()) faults.push(['SDK', event]);
  for (const [name, value] of Object.entries(event))
    if (!ATTRIBUTES.includes(name) && !(/^[a-z0-9]{1,20}$/.test(name) && typeof value === 'string'))
      faults.push([name, value]);
  return faults;
}
