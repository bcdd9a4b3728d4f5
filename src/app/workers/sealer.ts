import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { EventStoreError } from '../../event-store/port/event-store';
import { sealOnce } from '../../transparency/follower/seal-once';
import type { SealReport } from '../../transparency/follower/seal-loop';
import { SealError } from '../../transparency/seal-error';
import { withSealing, type SealSettings } from '../open-seals';
import { openStore } from '../open-store';

/**
 * One pass over what came since the last seal, in a thread of its own with its own connection to the log, which ends with the
 * pass: neither requests nor the read models wait for hashes.
 */

interface ThreadData {
  readonly sealing: SealSettings;
}

type Told =
  | { readonly report: SealReport }
  | { readonly failure: { readonly code: string | null; readonly message: string } };

/** A pass that failed, as it is told between threads. */
export class SealPassError extends Error {
  override readonly name = 'SealPassError';

  constructor(
    /** Code of a SealError or EventStoreError; null for any other failure. */
    readonly code: string | null,
    message: string,
  ) {
    super(message);
  }
}

/** Seals the log of the settings once, if it is due. @throws SealPassError */
export function sealInThread(settings: SealSettings, signal: AbortSignal): Promise<SealReport> {
  const data: ThreadData = { sealing: settings };
  const worker = new Worker(__filename, { workerData: data });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<SealReport>((resolve, reject) => {
    worker.once('message', (told: Told) => {
      if ('report' in told) resolve(told.report);
      else reject(new SealPassError(told.failure.code, told.failure.message));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new SealPassError(null, 'the thread that seals ended')));
  }).finally(() => signal.removeEventListener('abort', stop));
}

async function program(settings: SealSettings): Promise<SealReport> {
  const store = await openStore(settings, { readOnly: true });
  try {
    const { kind, seal } = await withSealing(settings, store, (parts) => sealOnce(parts));
    return { kind, last: seal && { at: Date.parse(seal.at), events: seal.log.size } };
  } finally {
    await store.close();
  }
}

function failureOf(error: unknown): Told {
  const code = error instanceof SealError || error instanceof EventStoreError ? error.code : null;
  return { failure: { code, message: error instanceof Error ? error.message : String(error) } };
}

const wanted = isMainThread ? undefined : (workerData as Partial<ThreadData> | null)?.sealing;
if (wanted !== undefined)
  void program(wanted)
    .then((report): Told => ({ report }), failureOf)
    .then((told) => parentPort?.postMessage(told));
