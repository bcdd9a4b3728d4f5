import { contractFiles } from '../../domain/event-contracts';
import type { JsonSchema } from '../../domain/schemas';
import { ENVELOPE_SCHEMA } from './envelope-schema';

/** All contracts by name of file, as they are committed and served. */
export const allContracts = (): Record<string, JsonSchema> => ({
  ...contractFiles(),
  'Envelope.v1.json': {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:rolebook:contract:Envelope.v1',
    ...ENVELOPE_SCHEMA,
  },
});
