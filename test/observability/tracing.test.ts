import type { AppendResult } from '../../src/event-store/port/event-store';
import { startTracing } from '../../src/observability/tracing';
import { freePort } from '../free-port';

/** The traces themselves are tested end to end; this is about what they must not cost. */

test('a collector that is not there costs the traces and nothing else: work goes on, and the end is not held up', async () => {
  const { trace } = await import('@opentelemetry/api');
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const tracing = startTracing({ endpoint, serviceName: 'test', ratio: 1, onTrouble: () => undefined });
  const result: AppendResult = { outcome: 'appended', revision: 0, position: 1n };
  const append = { stream: 'rolebook.role-x.y', events: [] };
  const spans = trace.getTracer('test');
  const answer = await spans.startActiveSpan('request', async (span) => {
    expect(tracing.logFields()).toEqual({
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
    });
    const done = await tracing.append?.(append, async () => result);
    span.end();
    return done;
  });
  expect(answer).toBe(result);
  expect(tracing.logFields()).toEqual({});
  await tracing.close();
  // It may be started again in the same process.
  await startTracing({ endpoint, serviceName: 'test', ratio: 0, onTrouble: () => undefined }).close();
});

test('what OpenTelemetry complains of is told in plain words, and of no request', async () => {
  const { diag, trace } = await import('@opentelemetry/api');
  const told: unknown[] = [];
  const onTrouble = (why: string): void => void told.push([why, tracing.logFields()]);
  const tracing = startTracing({ endpoint: 'http://127.0.0.1:9', serviceName: 'test', ratio: 1, onTrouble });
  trace.getTracer('test').startActiveSpan('request', () => {
    diag.error(JSON.stringify({ message: 'connect ECONNREFUSED', stack: 'a long one' }));
    diag.warn('Dropped 3 spans');
    diag.info('nothing to worry about');
  });
  expect(told).toEqual([
    ['connect ECONNREFUSED', {}],
    ['Dropped 3 spans', {}],
  ]);
  await tracing.close();
});
