import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { digestOf } from '../../../projections';

/** The digest of read models computed in a thread of its own: it reads every row, and requests need this thread. */

interface ThreadData {
  readonly digestOf: string;
}

/** Runs `digestOf` in a thread of its own. */
export function digestInThread(path: string): Promise<string> {
  const data: ThreadData = { digestOf: path };
  const worker = new Worker(__filename, { workerData: data });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that takes the digest ended')));
  });
}

const wanted = isMainThread ? undefined : (workerData as Partial<ThreadData> | null)?.digestOf;
if (wanted !== undefined) void digestOf(wanted).then((digest) => parentPort?.postMessage(digest));
