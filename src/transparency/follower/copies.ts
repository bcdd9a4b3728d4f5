import type { SealStore } from '../../event-store/port/seal-store';
import { parseCheckpoint } from '../notes/checkpoint';
import { NoteError } from '../notes/keys';
import { openNote, parseNote } from '../notes/note';
import { SealError } from '../seal-error';
import { growTo } from './catch-up';
import { recordOf, sealOf, type Seal } from './records';
import { notesBesides, type SealingParts } from './seal-once';

/** Copies of a log that was sealed: they have its name, and do not sign it until they are told to. */

/**
 * Takes the last seal of a source that covers no more than the `events` that were copied. True if the copy has one of the
 * source now; false where the source has none, or the copy goes on by itself.
 * @throws SealError; EventStoreError
 */
export async function carrySeal(source: SealStore, copy: SealStore, events: number): Promise<boolean> {
  let covered: Seal | null = null;
  for await (const record of source.read()) {
    const seal = sealOf(record);
    if (seal.log.size <= events) covered = seal;
  }
  const record = await copy.last();
  const last = record && sealOf(record);
  if (covered === null || last?.kind === 'sealed') return false;
  if (last !== null && last.log.size >= covered.log.size) return true;
  if (await copy.append(record?.revision ?? null, recordOf({ ...covered, kind: 'carried' }))) return true;
  throw new SealError('SEAL_BUSY', 'The copy is being sealed by another process.');
}

/**
 * Gives a log without seals the name of one whose checkpoint is at hand, as after a restore: it must be signed by the key of
 * this installation, and be of what this log begins with.
 * @throws SealError `LOG_DIFFERS`, `SEAL_KEY`, `SEAL_BUSY`; NoteError for what is no checkpoint of a whole log
 */
export async function adoptCheckpoint(note: string, parts: SealingParts): Promise<void> {
  const { store, seals, trees, now } = parts;
  if ((await seals.last()) !== null)
    throw new NoteError('this log has seals already: leave the checkpoint out');
  const keys = parts.keys(false);
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  openNote(note, keys.verifiersOf(origin));
  trees.begin();
  try {
    trees.clear();
    const isWhole = await growTo({ events: size }, { ...parts, identity: await store.identity() });
    if (!isWhole || !trees.tree('log').root.equals(root))
      throw new SealError(
        'LOG_DIFFERS',
        `LOG_DIFFERS: This log does not begin with the ${size} events of the checkpoint.`,
      );
    const notes = { log: note, ...notesBesides(origin, trees, keys) };
    const at = new Date(now()).toISOString();
    const record = recordOf({ kind: 'carried', at, keys: [...keys.publicKeys], notes });
    if (!(await seals.append(null, record)))
      throw new SealError('SEAL_BUSY', 'Another process is sealing this log.');
    trees.commit();
  } finally {
    trees.rollBack();
  }
}
