import { HASH_BYTES } from '../merkle/hashes';
import type { TreeHead } from '../merkle/tree';
import { NoteError } from './keys';

/** Checkpoints of C2SP's tlog-checkpoint: the text of a signed note that states size and root of a tree. Pure. */
export interface Checkpoint extends TreeHead {
  /** Name of the tree, one in the world. */
  readonly origin: string;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

/** The checkpoint of a text; lines that others may have added below count for nothing. @throws NoteError */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', digits = '', encoded = ''] = text.split('\n');
  const size = /^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : NaN;
  const root = Buffer.from(encoded, 'base64');
  const isOne =
    origin !== '' &&
    Number.isSafeInteger(size) &&
    root.length === HASH_BYTES &&
    root.toString('base64') === encoded;
  if (!isOne) throw new NoteError('the note is no checkpoint: origin, size and root, a line each');
  return { origin, size, root };
}
