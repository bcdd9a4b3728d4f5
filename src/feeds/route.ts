import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Caller, VIEW_HISTORY } from '../graphql/caller';
import { addGuardedRoute } from '../http/add-route';
import type { Identity } from '../http/authentication/identity';
import { HttpError } from '../http/failure';
import type { Guard } from '../http/guard';
import { baseOf } from '../http/base';
import { demandNeeds } from '../http/refused/recording';
import { ROUTES } from '../http/routes';
import type { RouteParts } from '../http/server';
import { Feed } from './feed';
import { formatOf, type FeedFormat } from './items';
import { Outlet } from './outlet';
import { badParameter, readParameters, type FeedParameters } from './parameters';
import { recheckMsOf, type FeedParts } from './parts';
import { pump } from './pump';
import { Readers } from './readers';
import { FeedReading } from './reading';
import { ReaderRights } from './rights';
import { START, startAt } from './start';
import { addSubscriptions } from './subscriptions/route';

/** Cost of opening a feed that stays open; of a page it is that of its events. */
const COST_OF_OPENING = 1_000;

/** Adds `GET /events`: the events of an account, or for operators of all, in pages or as they come. */
export function addFeeds(app: FastifyInstance, guard: Guard, parts: FeedParts, served: RouteParts): void {
  const { admission, attempts, onClose } = served;
  const { config, reads } = parts;
  const readers = new Readers(config.feedReaders, parts.onReaders);
  const reading = new FeedReading(parts.store);
  const opening = new Opening(guard, parts, reading);
  addSubscriptions(app, guard, { ...parts, readers, reading }, served);
  onClose(() => opening.close());
  addGuardedRoute(app, guard, ROUTES.events, {
    onAdmitted: async (request) => {
      const identity = guard.readerOf(request);
      if (identity.kind === 'operator') return;
      const caller = new Caller(identity.account, identity.user, reads);
      await admission.admit(request, caller);
      demandNeeds(attempts, request, caller, ROUTES.events.needs);
    },
    onSend: async (request, reply) => admission.leave(request, reply),
    handler: async (request, reply) => {
      const format = formatOf(request.headers.accept);
      if (format === null)
        throw new HttpError(406, 'NOT_ACCEPTABLE', 'Accept application/x-ndjson or text/event-stream.');
      const identity = guard.readerOf(request);
      const lastEventId = textOf(request.headers['last-event-id']);
      const asked = readParameters(request.query, { lastEventId, follows: format.follows });
      const caller = admission.callerOf(request);
      if (caller) await admission.quotas.charge(caller, asked.limit ?? COST_OF_OPENING);
      const leave = readers.enter(
        identity.kind === 'operator' ? '' : `${identity.account} ${identity.user}`,
        'http',
      );
      // The answer ends with its connection, whatever becomes of it.
      reply.raw.once('close', leave);
      return opening.answer(request, reply, { format, identity, asked });
    },
  });
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

interface Asked {
  readonly format: FeedFormat;
  readonly identity: Identity;
  readonly asked: FeedParameters;
}

/** Opens feeds, and ends all that are open when the server stops. */
class Opening {
  readonly #open = new Set<AbortController>();
  #closing = false;

  constructor(
    private readonly guard: Guard,
    private readonly parts: FeedParts,
    private readonly reading: FeedReading,
  ) {}

  close(): void {
    this.#closing = true;
    for (const each of this.#open) each.abort();
  }

  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { format, identity, asked }: Asked,
  ): Promise<unknown> {
    const { config, readModels, reads, positions, open } = this.parts;
    const account = identity.kind === 'operator' ? null : identity.account;
    const feed = this.#feedOf(identity, asked.account);
    const start =
      asked.after === null
        ? START
        : await startAt(
            asked.after,
            { account, feed },
            { readModels, positions, minPositionWaitMs: config.minPositionWaitMs },
          );
    reply.headers({
      'content-type': format.contentType,
      // No proxy may hold events back, nor put them into another form.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') return reply.send('');
    const ending = new AbortController();
    this.#open.add(ending);
    reply.raw.once('close', () => {
      this.#open.delete(ending);
      ending.abort();
    });
    if (this.#closing) ending.abort();
    const heartbeatMs = config.feedHeartbeatMs;
    const recheckMs = recheckMsOf(config);
    const reader = new ReaderRights(
      request,
      identity,
      { guard: this.guard, reads, readModels, needs: VIEW_HISTORY },
      recheckMs,
    );
    const sources = { readModels, reading: this.reading, open, positions, heartbeatMs, recheckMs };
    const base = config.publicUrl ?? baseOf(request);
    const { filter, limit } = asked;
    const running = new Feed({ feed, account, start, filter, limit, base }, reader, sources, ending.signal);
    const outlet = new Outlet(config.feedStallMs);
    void pump(running, outlet, format, request.log);
    return reply.send(outlet.body);
  }

  /** The account whose feed is read; null: of everything. @throws RequestError 400, 403 */
  #feedOf(identity: Identity, named: string | null): string | null {
    if (identity.kind === 'operator') {
      if (named !== null && !this.parts.readModels.view(named).accountInfo())
        throw badParameter('There is no such account.');
      return named;
    }
    if (named !== null && named !== identity.account)
      throw badParameter('`account` is for operators: this is the feed of the account of the token.');
    return identity.account;
  }
}
