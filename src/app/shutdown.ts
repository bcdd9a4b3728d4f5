import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Application } from './compose';
import type { Server } from '../http/server';
import type { Watch } from '../observability/watcher';

/** Graceful shutdown on SIGTERM and SIGINT: in order, and within ten seconds even if a step hangs. */

/** Limit of the whole shutdown. Container engines kill after ten seconds. */
const STOP_WITHIN_MS = 9_500;
/** For requests in flight. A request that waits for a silent log is answered when the log is closed after that. */
const REQUESTS_MS = 3_500;
/** Time for those answers to be sent. */
const ANSWERS_MS = 250;

export interface Running {
  readonly server: Pick<Server, 'leave' | 'close' | 'cut'>;
  readonly application: Pick<Application, 'close'>;
  readonly watch: Pick<Watch, 'close'>;
  /** The file from which the command line learns the address of this server. */
  readonly note: string;
  /** Time for a proxy to notice. */
  readonly noticeMs: number;
}

export interface Stopping {
  /** Registers parts to stop from now on, besides those of before. */
  running(parts: Running): void;
}

/** Before there is anything to stop, a signal ends the process at once: no client waits for it yet. */
export function stopOnSignals(logger: Logger): Stopping {
  const parts: Running[] = [];
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error('not everything could be closed in time');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    await Promise.all(parts.map(stopInOrder));
    logger.info('stopped');
    process.exit(0);
  };
  const fail = (err: unknown): void => {
    logger.error({ err }, 'stopping failed');
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop(signal).catch(fail));
  return { running: (given) => void parts.push(given) };
}

/**
 * Refuses new requests and answers those that came; then the subscription ends, tables are committed, the log is
 * closed, and traces are sent.
 */
async function stopInOrder({ server, application, watch, note, noticeMs }: Running): Promise<void> {
  rmSync(note, { force: true });
  server.leave();
  await sleep(noticeMs);
  const served = server.close();
  await Promise.race([served, sleep(REQUESTS_MS)]);
  await application.close();
  await Promise.race([served, sleep(ANSWERS_MS)]);
  server.cut();
  await served;
  await watch.close();
}
