import {
  isMainThread,
  MessageChannel,
  parentPort,
  Worker,
  workerData,
  type MessagePort,
} from 'node:worker_threads';
import { serveProjector, type OpenReadModelsOptions } from '../../../projections';
import { openKeyBook, type KeyBookSettings } from '../open-key-book';
import { openLog } from '../open-log';
import { projectedLog, type ProjectedLogWatch } from '../sealing';

/** The thread of the projector: its start, and, inside it, its program. */

/** Events live as long as their batch: with space for some batches, most are collected before they are copied. */
const YOUNG_MB = 96;

type StartThread = NonNullable<OpenReadModelsOptions['startThread']>;

type Told =
  | { readonly unreadable: Parameters<ProjectedLogWatch['onUnreadable']>[0] }
  | { readonly erased: readonly string[] };

interface ThreadData {
  readonly task: Parameters<StartThread>[0];
  readonly log: KeyBookSettings;
  /** Takes what concerns keys alone: projectors do not know that anything is encrypted. */
  readonly ofKeys: MessagePort;
}

/**
 * Starts projectors of one log, each in a thread of its own with its own connection to it. `watch` is told in this thread;
 * a rebuild tells it of the same events again.
 */
export function projectorThread(log: KeyBookSettings, watch: ProjectedLogWatch): StartThread {
  return (task) => {
    const { port1: heard, port2: ofKeys } = new MessageChannel();
    const data: ThreadData = { task, log, ofKeys };
    heard.on('message', (told: Told) => {
      if ('erased' in told) watch.onKeysErased?.(told.erased);
      else watch.onUnreadable(told.unreadable);
    });
    // It ends with the thread, and keeps nothing alive until then.
    heard.unref();
    return new Worker(__filename, {
      workerData: data,
      transferList: [ofKeys],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  };
}

async function program(): Promise<void> {
  const { task, log, ofKeys } = workerData as ThreadData;
  const tell = (told: Told): void => ofKeys.postMessage(told);
  const store = await openLog(log, { readOnly: true });
  const book = (await store.format()) === 2 ? await openKeyBook(log, { readOnly: false }) : null;
  const opened = projectedLog(store, book, {
    onUnreadable: ({ id, stream }) => tell({ unreadable: { id, stream } }),
    onKeysErased: (erased) => tell({ erased }),
  });
  await serveProjector(parentPort!, task, opened);
  await book?.close();
}

if (!isMainThread && (workerData as Partial<ThreadData> | null)?.task) void program();
