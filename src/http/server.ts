import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ReadModels } from '../../projections/view';
import type { CommandBus } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import type { Config } from '../config/config';
import type { PositionCodec } from '../shared/position-codec';
import { createSchema } from '../graphql/schema';
import type { RequestContext, Services } from '../graphql/context';
import { createApollo } from './graphql/apollo';
import { openAuthenticators } from './authentication/authenticators';
import { API_KEY_USES, openSeenTimes, SIGN_INS } from './authentication/last-times';
import { Unlinked } from './authentication/oidc/unlinked';
import type { SigningKey } from './authentication/signing-key';
import { addGraphiql } from './graphiql';
import { Gate, gateBounds } from './graphql/gate';
import { addGraphql } from './graphql/route';
import { openEndedSessions } from './console/ended-sessions';
import { openConsole } from './console/open-console';
import { Sessions } from './console/sessions';
import { createGuard, type Guard } from './guard';
import { addHealth } from './health';
import { addLanding } from './landing';
import { newApp } from './app';
import { Admission } from './limits/admission';
import { limitFailures } from './limits/failed-tokens';
import { Quotas } from './limits/quotas';
import { RateLimits } from './limits/rate-limits';
import { Listener } from './listening/listener';
import { allowOrigins } from './origins';
import { ROUTES } from './routes';
import { metricsPlace } from './listening/metrics-place';
import { startSideServer, type SideServer } from './listening/side-server';
import { recordingGuard, recordRefusals } from './refused/recording';
import { RefusedAttempts, type RefusedCode } from './refused/refused-attempts';
import { addScim } from './scim/route';

export interface ServerDependencies {
  readonly config: Config;
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
  readonly signingKey: SigningKey;
  readonly logger: Logger;
  /** Clock skew between this machine and the log, in milliseconds; null if not known. */
  readonly clockSkewMs?: () => number | null;
  /** Plugins that observe the work of GraphQL. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
  /** Called for each attempt that was refused for want of a right. */
  readonly onRefused?: (code: RefusedCode) => void;
  /** Folder of the built console; left out: that of this package. */
  readonly consoleFolder?: string;
  /** Time that sessions and sign-ins go by, in milliseconds since 1970; left out: that of this machine. */
  readonly now?: () => number;
  /** Listener that already answers during the start; left out: a new one. */
  readonly listener?: Listener;
  /** More routes and hooks, behind the same guard. */
  readonly routes?: (app: FastifyInstance, guard: Guard, parts: RouteParts) => void | Promise<void>;
  /** Adds the routes for scrapers, to this server or to one of their own. */
  readonly scrapes?: (app: FastifyInstance, guard: Guard) => void;
}

/** Parts of the server that added routes share with its own. */
export interface RouteParts {
  readonly admission: Admission;
  readonly attempts: RefusedAttempts;
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly upgrades: Listener['upgrades'];
  /** Registers what is to be done first when the server stops, so that answers which would go on for ever end. */
  readonly onClose: (act: () => void) => void;
}

export interface Server {
  /** Address of the metrics, where they have one of their own. */
  readonly metricsUrl: string | null;
  /** Answers from now on. Resolves to the address, e.g. `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Reports not ready from now on, but still answers, so that a proxy notices before the server is gone. */
  leave(): void;
  /** Accepts no more connections, answers requests on the open ones, and ends them. */
  close(): Promise<void>;
  /** Ends the connections that are still open; requests in flight get no answer. */
  cut(): void;
}

export async function createServer(dependencies: ServerDependencies): Promise<Server> {
  const { config, readModels, bus, reads, positions, signingKey, logger, now } = dependencies;
  const { listener = new Listener((_request, response) => response.destroy()) } = dependencies;
  const app = newApp({ config, logger, listener });
  let leaving = false;
  await allowOrigins(app, config.allowedOrigins);

  const limits = new RateLimits(config);
  const quotas = new Quotas(limits);
  const attempts = new RefusedAttempts(logger, dependencies.onRefused);
  const watching = [recordRefusals(attempts), ...(dependencies.plugins ?? [])];
  const schema = createSchema();
  const apollo = createApollo(config, logger, { schema, quotas, watching });
  await apollo.start();
  const apiKeyUses = openSeenTimes(config.dataDirectory, API_KEY_USES, logger);
  const signIns = openSeenTimes(config.dataDirectory, SIGN_INS, logger);
  const unlinkedPersons = new Unlinked();
  const tools = { bus, reads, readModels, logger, apiKeyUses, signIns, persons: unlinkedPersons };
  const authenticators = openAuthenticators(config, signingKey, tools);
  const ended = openEndedSessions(config.dataDirectory, logger, now);
  const sessions = new Sessions({ config, signingKey, reads, ended, now });
  const guard = limitFailures(
    recordingGuard(createGuard({ authenticators: authenticators.all, sessions, reads }, config), attempts),
    limits,
  );
  const { minPositionWaitMs, projectionWaitMs, readyLagMs } = config;
  const { clockSkewMs = () => null } = dependencies;
  const seen = { apiKeyUses, signIns, unlinkedPersons };
  const services = { readModels, bus, reads, positions, ...seen, minPositionWaitMs, projectionWaitMs };
  const gate = new Gate(gateBounds(config.maxOperations));
  const admission = new Admission({ quotas, gate, bodyLimitBytes: config.bodyLimitBytes });
  addGraphql(app, apollo, guard, { services, config, admission });
  if (config.introspection) addGraphiql(app);
  addHealth(app, { readModels, positions, clockSkewMs, isLeaving: () => leaving, readyLagMs });
  const console = await openConsole(app, {
    ...{ config, guard, sessions, reads, readModels, limits, attempts, logger, signingKey, now },
    tokens: authenticators.oidc,
    url: () => listener.url,
    folder: dependencies.consoleFolder,
  });
  addLanding(app, { graphiql: config.introspection, console: console ? config.consolePath : null });
  const ending: (() => void)[] = [];
  const shared = { admission, attempts, schema, services, upgrades: listener.upgrades };
  await dependencies.routes?.(app, guard, { ...shared, onClose: (act) => void ending.push(act) });
  // Behind the hooks of those who look on: routes with content types of their own take over the hooks that are there.
  await addScim(app, guard, { services, admission, attempts });
  const metrics = await serveMetrics(app, guard, dependencies);
  await app.ready();
  return {
    metricsUrl: metrics?.url ?? null,
    listen: () => answerBy(app, listener, config),
    leave() {
      leaving = true;
      listener.connections.begin();
    },
    async close() {
      leaving = true;
      for (const end of ending) end();
      await metrics?.close();
      await listener.drain();
      authenticators.close();
      await app.close();
      await apollo.stop();
      apiKeyUses.close();
      signIns.close();
      attempts.end();
    },
    cut: () => listener.connections.cut(),
  };
}

/** Answers by an application from now on. Resolves to the address. */
async function answerBy(
  app: FastifyInstance,
  listener: Listener,
  address: Pick<Config, 'host' | 'port'>,
): Promise<string> {
  listener.answerWith((request, response) => app.routing(request, response));
  if (listener.upgrades.listenerCount('upgrade') > 0) listener.takeSockets(ROUTES.graphqlSocket.path);
  if (listener.url === null) await listener.listen(address);
  return listener.url ?? '';
}

/** Serves the routes for scrapers where the settings place them; resolves to the server of their own, if they have one. */
async function serveMetrics(
  app: FastifyInstance,
  guard: Guard,
  { config, logger, scrapes }: ServerDependencies,
): Promise<SideServer | null> {
  const place = metricsPlace(config);
  if (!scrapes) return null;
  if (place === 'here') scrapes(app, guard);
  if (place === 'nowhere')
    logger.warn('metrics are not served: set ROLEBOOK_METRICS_ADDRESS or ROLEBOOK_METRICS_TOKEN');
  if (typeof place === 'string') return null;
  return startSideServer(
    { config, logger },
    (own) => scrapes(own, guard),
    (own) => own.listen(place),
  );
}
