import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ROUTES } from '../../http/routes';

/** A request in progress, and, if it is one of GraphQL, the operation inside it. */
interface Traced {
  readonly request: Span;
  readonly context: Context;
  operation?: Span;
}

/**
 * A span for each request that reads or changes data, not for health, metrics and pages. A caller's `traceparent` makes
 * it part of the caller's trace. GraphQL gets a span of its own, named by `nameOperation`.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const requests = new WeakMap<FastifyRequest, Traced>();

  app.addHook('onRequest', (request, _reply, done) => {
    if (request.method !== 'POST') return done();
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url;
    const caller = propagation.extract(ROOT_CONTEXT, headers);
    const span = tracer.startSpan(
      route ? `${method} ${route}` : method,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method, 'http.route': route, 'rolebook.request_id': request.id },
      },
      caller,
    );
    const traced = { request: span, context: trace.setSpan(caller, span) };
    requests.set(request, traced);
    context.with(traced.context, done);
  });

  // The body arrives in the context of the connection, so that of the request is entered again.
  app.addHook('preHandler', (request, _reply, done) => {
    const traced = requests.get(request);
    if (!traced) return done();
    if (request.routeOptions.url !== ROUTES.graphql.path) return context.with(traced.context, done);
    traced.operation = tracer.startSpan('GraphQL', {}, traced.context);
    context.with(trace.setSpan(traced.context, traced.operation), done);
  });

  app.addHook('onResponse', async (request, { statusCode }) => {
    const traced = requests.get(request);
    if (!traced) return;
    const { operation, request: span } = traced;
    // Refused before it ran.
    if (operation?.isRecording()) operation.end();
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
}
