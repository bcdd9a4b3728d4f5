import type { Logger } from 'pino';
import type { Config } from '../config/config';
import type { Application } from './compose';
import type { Watch } from '../observability/watcher';
import { SealLoop } from '../transparency/follower/seal-loop';
import { sealInThread, SealPassError } from './workers/sealer';

/** Parts of a server that the loop of seals needs. */
export interface SealingServer {
  readonly config: Config;
  readonly watch: Pick<Watch, 'seals' | 'onSealFailure'>;
  readonly logger: Logger;
  /** False for a log that goes with its process, which has nothing to prove. */
  readonly isKept: boolean;
}

/** Has a server seal its log as the settings say. Returns what closes the one with the other. */
export function sealed(application: Application, server: SealingServer): Pick<Application, 'close'> {
  const loop = startSealing(application, server);
  return {
    async close() {
      await loop?.close();
      await application.close();
    },
  };
}

function startSealing(
  { store }: Pick<Application, 'store'>,
  { config, watch, logger, isKept }: SealingServer,
): SealLoop | null {
  const { sealIntervalMs: intervalMs, sealKeyFile } = config;
  if (intervalMs === 0 || !isKept) return null;
  if (sealKeyFile === null) {
    logger.info('ROLEBOOK_SEAL_KEY_FILE is not set: the log is not sealed');
    return null;
  }
  let toldOfCopy = false;
  const loop = new SealLoop({
    intervalMs,
    head: async () => (await store.head())?.position ?? null,
    pass: (signal) => sealInThread(config, signal),
    onPass: ({ kind }) => {
      if (kind === 'copy' && !toldOfCopy)
        logger.warn('the log is a copy of one that was sealed: rolebook seal --continue has it sealed here');
      toldOfCopy ||= kind === 'copy';
    },
    onFailure: (error) => {
      const code = error instanceof SealPassError ? error.code : null;
      watch.onSealFailure(code ?? 'INTERNAL');
      const why = error instanceof Error ? error.message : String(error);
      if (code === null) logger.error({ err: error }, 'the log could not be sealed');
      else logger.error({ code, why }, 'the log could not be sealed');
    },
    now: Date.now,
  });
  watch.seals(() => loop.status);
  return loop;
}
