import { HASH_BYTES } from '../merkle/hashes';
import { provesInclusion } from '../merkle/tree';
import { parseCheckpoint, type Checkpoint } from './checkpoint';
import { NoteError, type VerifierKey } from './keys';
import { openNote } from './note';

/** Proofs of C2SP's tlog-proof: that a checkpoint covers an entry, in one file that is checked offline. Pure. */

const HEADER = 'c2sp.org/tlog-proof@v1';
const PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra ([A-Za-z0-9+/=]*)\n)?index (0|[1-9]\d*)\n((?:[A-Za-z0-9+/=]+\n)*)\n/;

export interface TlogProof {
  /** Data that is not signed: the entry in words, say. */
  readonly extra?: Uint8Array;
  /** Index of the entry, from 0. */
  readonly index: number;
  /** Path from the sibling of the leaf to the root. */
  readonly path: readonly Buffer[];
  /** The checkpoint, as a signed note. */
  readonly note: string;
}

export const encodeProof = ({ extra, index, path, note }: TlogProof): string =>
  [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${Buffer.from(extra).toString('base64')}`]),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
    '',
    note,
  ].join('\n');

/** Takes a proof apart; nothing is checked. @throws NoteError */
export function parseProof(text: string): TlogProof {
  const match = PROOF.exec(text);
  if (match === null) throw new NoteError('this is no proof: c2sp.org/tlog-proof@v1');
  const [head, extra, index, lines = ''] = match;
  const path = lines
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'base64'));
  if (path.some((hash) => hash.length !== HASH_BYTES)) throw new NoteError('a line of the proof is no hash');
  return {
    ...(extra === undefined ? {} : { extra: Buffer.from(extra, 'base64') }),
    index: Number(index),
    path,
    note: text.slice(head.length),
  };
}

/** The checkpoint that covers the leaf, by a proof. @throws NoteError where it does not, or none of the keys signed it */
export function checkProof(proof: TlogProof, leaf: Buffer, keys: readonly VerifierKey[]): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(proof.note, keys));
  if (provesInclusion({ leaf, index: proof.index, proof: proof.path }, checkpoint)) return checkpoint;
  throw new NoteError('the proof does not lead from the entry to the root of the checkpoint');
}
