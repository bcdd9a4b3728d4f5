import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import type { ReadModels } from '../../../projections/view';
import { CommandError } from '../../commands/command';
import { EventStoreError, type Position } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import type { Watcher } from '../watcher';

/** Time limit of watching the read models for an append, and number watched at once: more are not traced. */
const PROJECTION_WAIT_MS = 30_000;
const MAX_WATCHED = 1_000;

/**
 * The path of a change: a span for the command, one for each append in it, and one for its projection, which starts
 * when the log has the append and ends when the read models of this replica show it. Work outside a traced request, of
 * the demo or a publication, is not traced.
 */
export function traceChanges(tracer: Tracer): Pick<Watcher, 'append' | 'command' | 'onRetry' | 'readModels'> {
  let readModels: ReadModels | null = null;
  let watched = 0;

  async function watchProjection(position: Position, appended: Context): Promise<void> {
    if (!readModels || watched >= MAX_WATCHED) return;
    watched += 1;
    const attributes = { 'rolebook.position': String(position) };
    const span = tracer.startSpan('project', { kind: SpanKind.CONSUMER, attributes }, appended);
    const reached = await readModels.waitFor(position, PROJECTION_WAIT_MS);
    if (!reached) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    watched -= 1;
  }

  return {
    command({ type }, _context, proceed) {
      if (!trace.getActiveSpan()) return proceed();
      const described = { name: `command ${type}`, kind: SpanKind.INTERNAL };
      return spanAround(tracer, described, proceed, (span, outcome) => {
        span.setAttributes({
          'rolebook.outcome': outcome.accepted ? 'accepted' : 'refused',
          'rolebook.position': outcome.position === null ? undefined : String(outcome.position),
          'rolebook.events': outcome.accepted ? outcome.written : 0,
        });
      });
    },
    append({ stream, events }, proceed) {
      if (!trace.getActiveSpan()) return proceed();
      const name = `append ${parseStream(stream)?.category ?? ''}`;
      const attributes = { 'rolebook.events': events.length };
      const described = { name, kind: SpanKind.PRODUCER, attributes };
      return spanAround(tracer, described, proceed, (span, result) => {
        span.setAttribute('rolebook.outcome', result.outcome);
        if (result.outcome !== 'appended') return;
        span.setAttribute('rolebook.position', String(result.position));
        void watchProjection(result.position, context.active());
      });
    },
    onRetry: (why) => void trace.getActiveSpan()?.addEvent('retry', { 'rolebook.why': why }),
    readModels: (opened) => (readModels = opened),
  };
}

/** Work in a span, which records a failure by its code alone: messages may repeat what was sent. */
async function spanAround<Result>(
  tracer: Tracer,
  { name, ...options }: SpanOptions & { readonly name: string },
  work: () => Promise<Result>,
  tell: (span: Span, result: Result) => void,
): Promise<Result> {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      const result = await work();
      tell(span, result);
      return result;
    } catch (error) {
      const known = error instanceof CommandError || error instanceof EventStoreError;
      span.setAttribute('error.type', known ? error.code : 'INTERNAL_SERVER_ERROR');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
