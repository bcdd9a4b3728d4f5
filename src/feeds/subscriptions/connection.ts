import type { FastifyRequest } from 'fastify';
import type { ExecutionArgs, GraphQLError, GraphQLFormattedError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { Caller } from '../../graphql/caller';
import { requestError, RequestError } from '../../graphql/errors';
import { HttpError } from '../../http/failure';
import type { UserIdentity } from '../../http/guard';
import type { Readers } from '../readers';
import { checkOperation, DocumentError, type Asked } from './operation';
import { Running, type Ending } from './running';
import { GOING_AWAY, StuckError, TRY_AGAIN, type Socket } from './socket';
import { openStream, type Results, type SubscriptionParts } from './stream';
import { asGraphqlError, told } from './telling';

/** Subscriptions of one socket that run at once. */
const MOST_OF_EACH = 50;
/** Time in milliseconds in which subscriptions tell where they ended when the server stops. */
const LAST_MESSAGES_MS = 500;
/** Cost of opening a feed, in rows read. */
const COST_OF_OPENING = 1_000;

/** A socket is to be closed, with a code of its protocol. */
export class ClosingError extends Error {
  override readonly name = 'ClosingError';

  constructor(
    readonly closeCode: number,
    reason: string,
  ) {
    super(reason);
  }
}

export interface ConnectionParts extends SubscriptionParts {
  /** Feeds that are open, of either kind, and sockets. */
  readonly readers: Readers;
  readonly sockets: Readers;
}

/** One socket: its caller, and the subscriptions that run over it. */
export class Connection {
  readonly #running = new Map<string, Running>();
  #identity: UserIdentity | null = null;
  #leave: () => void = () => undefined;
  #closing: Ending | null = null;
  /** True once the caller was not let in any more. */
  #isOver = false;

  constructor(
    private readonly request: FastifyRequest,
    private readonly socket: Socket,
    private readonly parts: ConnectionParts,
  ) {
    socket.onStuck = () => this.#end('TOO_SLOW');
  }

  /** Lets the caller in whom the upgrade or the first message names. @throws ClosingError */
  async admit(params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { request, parts } = this;
    const given = Object.entries(params).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
    if (typeof given === 'string') request.headers = { authorization: given };
    try {
      await parts.guard.user(request);
      const identity = parts.guard.caller(request);
      await parts.admission.quotas.request(this.#caller(identity));
      this.#leave = parts.sockets.enter(keyOf(identity), 'socket');
      this.#identity = identity;
    } catch (error) {
      throw closingBy(error);
    }
    if (this.#closing) throw new ClosingError(GOING_AWAY, this.#closing);
  }

  /** Opens a subscription: what it is run by, or the errors to tell. `count`: those of the socket, with this one. */
  async open(id: string, asked: Asked, count: number): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const running = new Running();
    try {
      return await this.#open(id, asked, running, count);
    } catch (error) {
      running.end('LEFT');
      this.#running.delete(id);
      if (isOver(error)) this.#isOver = true;
      // Behind the error.
      setImmediate(() => this.#closeIfDone());
      return error instanceof DocumentError ? error.errors : [asGraphqlError(error)];
    }
  }

  async #open(id: string, asked: Asked, running: Running, count: number): Promise<ExecutionArgs> {
    const { parts, request } = this;
    const identity = this.#identity as UserIdentity;
    if (this.#closing) throw running.endError(this.#closing as 'SHUTDOWN');
    if (count > MOST_OF_EACH)
      throw requestError('OVERLOADED', `A socket has ${MOST_OF_EACH} subscriptions at most.`);
    await parts.guard.again(request);
    const caller = this.#caller(identity);
    await parts.admission.quotas.request(caller);
    const operation = checkOperation(asked, parts.schema, parts.limits);
    await parts.admission.quotas.charge(caller, COST_OF_OPENING);
    running.holds(parts.readers.enter(keyOf(identity), 'subscription'));
    this.#running.set(id, running);
    const { args, results } = await openStream(operation, { request, identity }, parts, running);
    // Those that were being opened are told like those that were open.
    if (this.#closing) running.end(this.#closing);
    return { ...args, rootValue: endedBy(results, running) };
  }

  /** Errors that end a subscription, as its reader is told them. */
  told(id: string, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    const running = this.#running.get(id);
    const all = errors.map((error) => {
      const cause = error.originalError ?? error;
      if (isOver(cause)) this.#isOver = true;
      return cause instanceof StuckError && running ? running.endError('TOO_SLOW') : cause;
    });
    return told(all, this.request);
  }

  /** A subscription is over, for whatever reason. */
  ended(id: string): void {
    this.#running.get(id)?.end('LEFT');
    this.#running.delete(id);
    this.#closeIfDone();
  }

  /** Tells all readers where they were, and closes the socket. */
  shutDown(): void {
    this.#end('SHUTDOWN');
    this.#closeIfDone();
    // A subscription may be in the middle of something long.
    setTimeout(() => this.socket.leave(GOING_AWAY, 'SHUTDOWN'), LAST_MESSAGES_MS).unref();
  }

  closed(): void {
    this.#end('LEFT');
    this.#running.clear();
    this.#leave();
  }

  /** Closes a socket that is of no use any more, once its subscriptions have told their ends. */
  #closeIfDone(): void {
    if (this.#running.size > 0) return;
    if (this.#closing === 'SHUTDOWN') this.socket.leave(GOING_AWAY, 'SHUTDOWN');
    // Nobody can renew a token over a socket: the client comes back with a new one.
    else if (this.#isOver) this.socket.leave(CloseCode.Unauthorized, 'UNAUTHENTICATED');
  }

  #end(why: Ending): void {
    this.#closing ??= why;
    for (const running of [...this.#running.values()]) running.end(why);
  }

  #caller({ account, user }: UserIdentity): Caller {
    return new Caller(account, user, this.parts.services.reads);
  }
}

const keyOf = ({ account, user }: UserIdentity): string => `${account} ${user}`;

const isOver = (error: unknown): boolean => error instanceof RequestError && error.code === 'UNAUTHENTICATED';

/** Has a reader who leaves end the feed at once: a generator that waits for an event would not notice. */
function endedBy(results: Results, running: Running): Results {
  const leave = results.return.bind(results);
  results.return = (value) => {
    running.end('LEFT');
    return leave(value);
  };
  return results;
}

function closingBy(error: unknown): unknown {
  if (error instanceof HttpError) return new ClosingError(CloseCode.Forbidden, error.code);
  if (!(error instanceof RequestError)) return error;
  return new ClosingError(error.code === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : TRY_AGAIN, error.code);
}
