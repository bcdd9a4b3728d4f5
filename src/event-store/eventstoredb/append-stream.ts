import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import { SilenceError } from './errors';

type Call = ReturnType<StreamsClient['batchAppend']>;

interface Pending {
  readonly resolve: (answer: BatchAppendResp) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One stream of appends and their answers, many in flight at a time. Every append sent on it settles: with the server's
 * answer, or with an error when the stream breaks, ends (also cleanly), or is silent about that append for too long.
 */
export class AppendStream {
  readonly #pending = new Map<string, Pending>();
  #ended: Error | null = null;

  /** `onEnd` is called once, when nothing more can be sent, with `silent` if the server had stopped answering. */
  constructor(
    private readonly call: Call,
    private readonly answerMs: number,
    private readonly onEnd: (silent: boolean) => void,
    /** Returns the reason that the stream broke, if another call knows a better one. */
    explain: (error: Error) => Error,
  ) {
    call.on('data', (answer: BatchAppendResp) => this.#answered(answer));
    call.on('error', (error: Error) => this.end(explain(error)));
    call.on('end', () => this.end(new Error('the server ended the stream of appends')));
    call.on('close', () => this.end(new Error('the stream of appends was closed')));
  }

  send(correlationId: string, request: BatchAppendReq): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      const timer = setTimeout(() => this.#silent(), this.answerMs);
      this.#pending.set(correlationId, { resolve, reject, timer });
      this.call.write(request);
    });
  }

  end(reason: Error, silent = false): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.call.cancel();
    // Otherwise the client would wait for our half of a stream that the server ended.
    this.call.destroy();
    this.onEnd(silent);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    this.#pending.clear();
  }

  /** Gives up on the stream after one append has waited too long: later answers on it are not worth waiting for. */
  #silent(): void {
    this.end(new SilenceError('appending', this.answerMs), true);
  }

  #answered(answer: BatchAppendResp): void {
    const id = uuidText(answer.getCorrelationId());
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.resolve(answer);
  }
}

/** The server returns a UUID in the form it was sent, except in some of its time-outs. */
function uuidText(uuid: UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (structured === undefined) return uuid?.getString() ?? '';
  const hex = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  const text = hex(structured.getMostSignificantBits()) + hex(structured.getLeastSignificantBits());
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
