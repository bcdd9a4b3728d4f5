import type { JsonObject } from '../../event-store/port/event-store';
import type { SealRecord } from '../../event-store/port/seal-store';
import { parseCheckpoint, type Checkpoint } from '../notes/checkpoint';
import { parseNote } from '../notes/note';
import { SealError } from '../seal-error';

/** Records of the seals, as they are stored. */

export interface SealData {
  /** `sealed`: here. `carried`: the last seal of the log that this one is the copy of, which is not continued yet. */
  readonly kind: 'sealed' | 'carried';
  /** Time by the clock of whoever sealed. */
  readonly at: string;
  /** Public keys by which the notes are signed, base64. */
  readonly keys: readonly string[];
  /** Checkpoints: of the whole log, of the catalogue, and of the tree over all accounts. */
  readonly notes: { readonly log: string; readonly catalogue: string; readonly accounts: string };
}

/** Looks by hand: a library of schemas would take longer to load than a seal takes. */
function isSealData(data: unknown): data is SealData {
  const { kind, at, keys, notes } = (data ?? {}) as Readonly<Record<string, unknown>>;
  const { log, catalogue, accounts } = (notes ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = (...values: unknown[]): boolean => values.every((value) => typeof value === 'string');
  const isOfKind = kind === 'sealed' || kind === 'carried';
  return isOfKind && areTexts(at, log, catalogue, accounts) && Array.isArray(keys) && areTexts(...keys);
}

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
    if (!isSealData(data)) throw new Error('a member is missing, or of another type');
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
