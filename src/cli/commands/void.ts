import { voidEvent, VoidRefusedError } from '../../operations/log/void';
import { EventStoreError } from '../../event-store/port/event-store';
import { operatorsReason, withoutNames } from '../../app/sealing';
import { loadConfig } from '../../config/config';
import { operatorActor } from '../../operator/operator';
import { withLog } from '../log';
import { recordOf, type RecordOptions } from '../on-record';
import { CliError, message } from '../output';
import { stepProgress } from '../progress';

export interface VoidOptions extends RecordOptions {
  /** Left out: any content that the log has under that id. */
  readonly digest?: string;
}

/** `rolebook log void`: has readers skip an event that none can apply. */
export async function voidLogged(event: string, { digest, ...options }: VoidOptions): Promise<void> {
  const shown = stepProgress();
  const record = recordOf(options);
  const config = loadConfig();
  const { dataDirectory, eventStoreUrl } = config;
  const work = withLog(
    (store) =>
      voidEvent(
        {
          store,
          readable: withoutNames(store),
          directory: dataDirectory,
          recordedReason: (text) => operatorsReason(store, config, text),
          onSearch: (done, total) => shown.update('Looking for the event', done, total),
          onProject: (done, total) => shown.update('Projecting up to the event', done, total),
        },
        { event, reason: record.reason ?? '', actor: operatorActor(record), digest },
      ),
    // A missing log is not created.
    { write: true, existing: true },
  );
  const voided = await work.catch(asFailure).finally(() => shown.finish());
  message(`${voided.type} at revision ${voided.revision} of ${voided.stream} is void: ${voided.reason}`);
  message(`Its digest: ${voided.digest}`);
  message(
    eventStoreUrl === null
      ? 'A server on this log passes over it from its next start.'
      : 'Replicas that stopped at it go on by themselves.',
  );
}

function asFailure(error: unknown): never {
  if (error instanceof VoidRefusedError) throw new CliError(`${error.code}: ${error.message}`);
  if (error instanceof EventStoreError && error.code === 'LOCKED')
    throw new CliError(
      'LOG_LOCKED: A server or another command writes to the embedded log, and only one process may. Stop it, declare the event void, start it again.',
    );
  throw error;
}
