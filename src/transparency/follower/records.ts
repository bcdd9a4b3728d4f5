import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { JsonObject } from '../../event-store/port/event-store';
import type { SealRecord } from '../../event-store/port/seal-store';
import { parseCheckpoint, type Checkpoint } from '../notes/checkpoint';
import { parseNote } from '../notes/note';
import { SealError } from '../seal-error';

/** Records of the seals, as they are stored. */

const Notes = Type.Object({ log: Type.String(), catalogue: Type.String(), accounts: Type.String() });

const Data = Type.Object({
  /** `sealed`: here. `carried`: the last seal of the log that this one is the copy of, which is not continued yet. */
  kind: Type.Union([Type.Literal('sealed'), Type.Literal('carried')]),
  /** Time by the clock of whoever sealed. */
  at: Type.String(),
  /** Public keys by which the notes are signed, base64. */
  keys: Type.Array(Type.String()),
  /** Checkpoints: of the whole log, of the catalogue, and of the tree over all accounts. */
  notes: Notes,
});

export type SealData = Static<typeof Data>;

/** A seal: what was signed, and by which keys. */
export interface Seal extends SealData {
  readonly revision: number;
  /** Checkpoint of the whole log. */
  readonly log: Checkpoint;
  readonly catalogue: Checkpoint;
  readonly accounts: Checkpoint;
}

/** @throws SealError `SEAL_CORRUPT` */
export function sealOf({ revision, data }: SealRecord): Seal {
  try {
    if (!Value.Check(Data, data)) throw new Error('a member is missing, or of another type');
    const checkpoint = (note: string): Checkpoint => parseCheckpoint(parseNote(note).text);
    const { log, catalogue, accounts } = data.notes;
    return {
      ...data,
      revision,
      log: checkpoint(log),
      catalogue: checkpoint(catalogue),
      accounts: checkpoint(accounts),
    };
  } catch (error) {
    throw new SealError(
      'SEAL_CORRUPT',
      `Seal ${revision} of the log cannot be read: ${(error as Error).message}.`,
      {
        cause: error,
      },
    );
  }
}

/** A record as it is added. */
export const recordOf = ({ kind, at, keys, notes }: SealData): JsonObject => ({ kind, at, keys, notes });
