import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { serveProjector, type OpenReadModelsOptions } from '../../../projections';
import { openKeyBook, type KeyBookSettings } from '../open-key-book';
import { openLog } from '../open-log';
import { projectedLog } from '../sealing';

/** The thread of the projector: its start, and, inside it, its program. */

/** Events live as long as their batch: with space for some batches, most are collected before they are copied. */
const YOUNG_MB = 96;

type StartThread = NonNullable<OpenReadModelsOptions['startThread']>;

interface ThreadData {
  readonly task: Parameters<StartThread>[0];
  readonly log: KeyBookSettings;
}

/** Starts projectors of one log, each in a thread of its own with its own connection to it. */
export function projectorThread(log: KeyBookSettings): StartThread {
  return (task) => {
    const data: ThreadData = { task, log };
    return new Worker(__filename, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  };
}

async function program(): Promise<void> {
  const { task, log } = workerData as ThreadData;
  const store = await openLog(log, { readOnly: true });
  const book = (await store.format()) === 2 ? await openKeyBook(log, { readOnly: false }) : null;
  await serveProjector(
    parentPort!,
    task,
    projectedLog(store, book, () => undefined),
  );
  await book?.close();
}

if (!isMainThread && (workerData as Partial<ThreadData> | null)?.task) void program();
