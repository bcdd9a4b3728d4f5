/**
 * Traces for OpenTelemetry: a watcher of the running parts, from the request to the projection of its changes. Nothing
 * else imports OpenTelemetry, and nothing a client sent goes into a span. Never changes what it watches.
 */
import {
  context,
  diag,
  DiagLogLevel,
  propagation,
  ROOT_CONTEXT,
  trace,
  type DiagLogFunction,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { Watcher } from '../watcher';
import { traceChanges } from './changes';
import { traceRequests } from './http';
import { nameOperation } from './operations';

export interface TracingOptions {
  /** Address of a collector that takes OTLP over HTTP, e.g. `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Share of the traces started here that are kept, 0 to 1. A caller's trace is kept as the caller decided. */
  readonly ratio: number;
  /** Called when spans cannot be sent; they are lost then. */
  readonly onTrouble: (why: string) => void;
}

export interface Tracing extends Watcher {
  /** Fields of a log line that name the trace that it is written in. */
  readonly logFields: () => { readonly traceId?: string; readonly spanId?: string };
  /** Flushes pending spans, for a bounded time. */
  readonly close: () => Promise<void>;
}

const CLOSE_WITHIN_MS = 1_000;

/**
 * Traces from HTTP to the projection, by way of GraphQL, command and append. Loaded only where traces are wanted:
 * nothing else imports OpenTelemetry. One at a time in a process, since its context is the process’s.
 */
export function startTracing({ endpoint, serviceName, ratio, onTrouble }: TracingOptions): Tracing {
  // Outside of any trace: spans of many are sent together.
  const complain: DiagLogFunction = (message) =>
    context.with(ROOT_CONTEXT, onTrouble, undefined, plain(message));
  const silent = (): void => undefined;
  diag.setLogger(
    { error: complain, warn: complain, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  const tracer = provider.getTracer('rolebook');
  return {
    ...traceChanges(tracer),
    plugins: [nameOperation()],
    http: (app) => traceRequests(app, tracer),
    logFields() {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { traceId: span.traceId, spanId: span.spanId } : {};
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
      const flushed = provider.shutdown().catch((error: unknown) => onTrouble(String(error)));
      await Promise.race([flushed, late]);
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

/** OpenTelemetry reports an error as JSON of all its properties. */
function plain(message: string): string {
  try {
    const { message: why } = JSON.parse(message) as { message?: unknown };
    return typeof why === 'string' ? why : message;
  } catch {
    return message;
  }
}
