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
import { projectedLog, type OnUnreadable } from '../sealing';

/** The thread of the projector: its start, and, inside it, its program. */

/** Events live as long as their batch: with space for some batches, most are collected before they are copied. */
const YOUNG_MB = 96;

type StartThread = NonNullable<OpenReadModelsOptions['startThread']>;

interface ThreadData {
  readonly task: Parameters<StartThread>[0];
  readonly log: KeyBookSettings;
  /** Takes events with texts that could not be decrypted: projectors do not know that anything is encrypted. */
  readonly unreadable: MessagePort;
}

/**
 * Starts projectors of one log, each in a thread of its own with its own connection to it. `onUnreadable` is told in this
 * thread; a rebuild tells it of the same events again.
 */
export function projectorThread(log: KeyBookSettings, onUnreadable: OnUnreadable): StartThread {
  return (task) => {
    const { port1: heard, port2: unreadable } = new MessageChannel();
    const data: ThreadData = { task, log, unreadable };
    heard.on('message', onUnreadable);
    // It ends with the thread, and keeps nothing alive until then.
    heard.unref();
    return new Worker(__filename, {
      workerData: data,
      transferList: [unreadable],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  };
}

async function program(): Promise<void> {
  const { task, log, unreadable } = workerData as ThreadData;
  const store = await openLog(log, { readOnly: true });
  const book = (await store.format()) === 2 ? await openKeyBook(log, { readOnly: false }) : null;
  const onUnreadable: OnUnreadable = ({ id, stream }) => unreadable.postMessage({ id, stream });
  await serveProjector(parentPort!, task, projectedLog(store, book, onUnreadable));
  await book?.close();
}

if (!isMainThread && (workerData as Partial<ThreadData> | null)?.task) void program();
