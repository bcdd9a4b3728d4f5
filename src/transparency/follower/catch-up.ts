import type { EventStore, Position } from '../../event-store/port/event-store';
import { SealError, shorterLog } from '../seal-error';
import { GrowingTrees } from '../trees/growing-trees';
import type { TreeFile } from '../trees/tree-file';
import type { Seal } from './records';

export interface CatchUp {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly trees: TreeFile;
  readonly identity: string;
  readonly onProgress?: (done: number) => void;
}

/**
 * Brings the trees to a seal, whether they are behind it, missing or of another log, within a transaction of their file.
 * @throws SealError `LOG_DIFFERS` where the log does not give what was sealed; `SEALS_LOST` where they are ahead of the seal
 */
export async function bringTo(seal: Seal | null, catchUp: CatchUp): Promise<void> {
  const { trees, identity } = catchUp;
  if (trees.head()?.identity !== identity) trees.clear();
  const events = trees.head()?.events ?? 0;
  const wanted = seal?.log.size ?? 0;
  if (events > wanted) throw sealsLost(events, wanted);
  if (seal === null || isAt(trees, seal)) return;
  // Tiles may be damaged where the log is whole: trees that do not fit are made anew.
  if (events > 0 && (await growTo({ events: wanted }, catchUp)) && isAt(trees, seal)) return;
  trees.clear();
  if (!(await growTo({ events: wanted }, catchUp))) throw shorterLog();
  if (isAt(trees, seal)) return;
  throw new SealError(
    'LOG_DIFFERS',
    `LOG_DIFFERS: The first ${wanted} events of the log are not those that were sealed. rolebook verify says more. Nothing is sealed until they are.`,
  );
}

const sealsLost = (events: number, sealed: number): SealError =>
  new SealError(
    'SEALS_LOST',
    `SEALS_LOST: ${events} events were sealed here, and the last seal that the log has is of ${sealed}: seals were removed, or the log was put back to an earlier state. Verify it against a checkpoint that somebody else holds. To go on from the log as it is, delete the folder seal/ of the data folder.`,
  );

const isAt = (trees: TreeFile, { log, catalogue }: Seal): boolean =>
  trees.head()?.events === log.size &&
  trees.tree('log').root.equals(log.root) &&
  trees.tree('catalogue').root.equals(catalogue.root);

/** Grows the trees to a number of events, or a position. False where the log ends before. */
export async function growTo(
  end: { readonly events: number } | { readonly position: Position },
  { store, trees, identity, onProgress }: CatchUp,
): Promise<boolean> {
  const growing = new GrowingTrees(trees, identity);
  const isThere = (): boolean =>
    'events' in end ? growing.head.events >= end.events : growing.head.position >= end.position;
  if (!isThere())
    for await (const event of store.readAll({ after: startOf(growing.head.position) })) {
      growing.add(event);
      onProgress?.(growing.head.events);
      if (isThere()) break;
    }
  growing.finish();
  return isThere();
}

const startOf = (position: Position): Position | undefined => (position < 0n ? undefined : position);
