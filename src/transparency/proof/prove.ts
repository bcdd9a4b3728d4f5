import type { EventStore, RecordedEvent } from '../../event-store/port/event-store';
import { entryText, leafOf, treeOf, type TreeName } from '../entry';
import { inclusionProof } from '../merkle/tree';
import { NoteError } from '../notes/keys';
import { encodeProof } from '../notes/tlog-proof';
import type { TreeFile } from '../trees/tree-file';

export interface ProveParts {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly trees: TreeFile;
  /** Checkpoint of the tree, which the trees are at. */
  readonly note: string;
  readonly tree: TreeName;
}

/**
 * The proof that a checkpoint covers an event, with the event’s entry beside it, so that whoever gets the file needs
 * nothing else but the public key.
 * @throws NoteError where the tree has no such event, or the checkpoint does not cover it, or it is not what was sealed
 */
export async function prove(id: string, { store, trees, note, tree }: ProveParts): Promise<string> {
  const { event, n, index } = await find(id, store, tree);
  const stored = trees.stored(tree);
  if (stored === null || index >= stored.size)
    throw new NoteError('the event came after the last seal: rolebook seal seals it at once');
  const subtrees = trees.subtrees(stored);
  if (!subtrees(0, index).equals(leafOf(event, n)))
    throw new NoteError('the event is not what was sealed: rolebook verify says more');
  const extra = Buffer.from(entryText(event, n));
  return encodeProof({ extra, index, path: inclusionProof(index, stored.size, subtrees), note });
}

/** The event, its number in the log from 1, and its index in the tree from 0. */
async function find(
  id: string,
  store: ProveParts['store'],
  tree: TreeName,
): Promise<{ readonly event: RecordedEvent; readonly n: number; readonly index: number }> {
  let [n, index] = [0, -1];
  for await (const event of store.readAll()) {
    n += 1;
    const isIn = tree === 'log' || treeOf(event.stream) === tree;
    if (isIn) index += 1;
    if (isIn && event.id === id.toLowerCase()) return { event, n, index };
  }
  throw new NoteError(`there is no event ${id} in ${tree === 'log' ? 'the log' : tree}`);
}
