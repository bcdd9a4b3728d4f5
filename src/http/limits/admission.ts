import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../graphql/caller';
import type { Gate } from '../graphql/gate';
import type { Quotas } from './quotas';

interface AdmissionParts {
  readonly quotas: Quotas;
  readonly gate: Gate;
  readonly bodyLimitBytes: number;
}

/** Takes in every request that works for a caller: the quotas of the caller, and the gate between callers. */
export class Admission {
  readonly quotas: Quotas;
  private readonly callers = new WeakMap<FastifyRequest, Caller>();
  private readonly leaving = new WeakMap<FastifyRequest, () => void>();

  constructor(private readonly parts: AdmissionParts) {
    this.quotas = parts.quotas;
  }

  /** Bytes of the body, or as many as it may have. */
  bytesOf({ headers }: FastifyRequest): number {
    return Number(headers['content-length'] ?? this.parts.bodyLimitBytes);
  }

  /** Counts a request that the guard has let in. @throws RequestError `RATE_LIMITED` */
  async admit(request: FastifyRequest, caller: Caller): Promise<void> {
    this.callers.set(request, caller);
    await this.quotas.request(caller);
  }

  /** The caller of an admitted request. */
  callerOf(request: FastifyRequest): Caller | undefined {
    return this.callers.get(request);
  }

  /**
   * Waits at the gate. To be called once the body was read: a slow sender takes no slot of others.
   * @throws RequestError `OVERLOADED`
   */
  async enter(request: FastifyRequest): Promise<void> {
    const { account, user } = this.callers.get(request) as Caller;
    this.leaving.set(request, await this.parts.gate.enter(`${account} ${user}`, this.bytesOf(request)));
  }

  /**
   * Waits at the gate for work that is no request, such as a message of a subscription. Resolves to what lets the next one in.
   * @throws RequestError `OVERLOADED`
   */
  turn({ account, user }: Caller): Promise<() => void> {
    return this.parts.gate.enter(`${account} ${user}`, 0);
  }

  /** Lets the next one in, and tells what is left of the quotas; for answers to refused requests too. */
  leave(request: FastifyRequest, reply: FastifyReply): void {
    this.leaving.get(request)?.();
    const caller = this.callers.get(request);
    if (caller) reply.headers(this.quotas.headersOf(caller));
  }
}
