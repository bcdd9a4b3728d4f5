import path from 'node:path';
import { startCollector, type Collector, type Span } from './collector';
import { Installation, type ServerProcess } from './installation';

/** Traces of a server as an operator starts it, in a collector as OpenTelemetry has them. */

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const CREATE = `mutation Create($name: String!) {
  createRole(input: { name: $name }) { role { id } errors { code } }
}`;

const attribute = (span: Span, key: string): unknown => {
  const value = span.attributes.find((each) => each.key === key)?.value ?? {};
  return Object.values(value)[0];
};

describe('with a collector', () => {
  const installation = new Installation();
  let collector: Collector;
  let server: ServerProcess;

  const inTrace = (trace: string): Span[] => collector.spans.filter(({ traceId }) => traceId === trace);
  /** Each span of a trace with the names of all above it, from the outermost. */
  const paths = (trace: string): string[] => {
    const spans = inTrace(trace);
    const pathOf = (span: Span): string => {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      return parent ? `${pathOf(parent)} > ${span.name}` : span.name;
    };
    return spans.map(pathOf).sort();
  };

  beforeAll(async () => {
    collector = await startCollector();
    server = await installation.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      ROLEBOOK_LOG_LEVEL: 'info',
    });
    const parent = (trace: string, flags = '01') => ({ traceparent: `00-${trace}-${CALLER}-${flags}` });
    const create = (name: string, headers: Record<string, string>) =>
      server.graphql(CREATE, { name }, headers);
    await create('Wilma’s team', parent(TRACE));
    await create('Wilma’s team', parent(TRACE.replace('0a', '0b')));
    await create('Not kept', parent(TRACE.replace('0a', '0c'), '00'));
    await server.graphql('query Me { me { id } }', {}, { 'x-request-id': 'of-mine' });
    await fetch(`${server.url}/health/ready`);
    // Spans that are left are sent at the end.
    expect(await server.stop()).toBe(0);
  });
  afterAll(async () => {
    installation.remove();
    await collector.close();
  });

  test('a mutation is one trace, from the caller to the projection', () => {
    const operation = 'POST /graphql > GraphQL mutation';
    const command = `${operation} > command createRole`;
    expect(paths(TRACE)).toEqual([
      'POST /graphql',
      operation,
      command,
      `${command} > append claim`,
      `${command} > append claim > project`,
      `${command} > append role`,
      `${command} > append role > project`,
    ]);
    const [request] = inTrace(TRACE).filter(({ name }) => name === 'POST /graphql');
    expect(request?.parentSpanId).toBe(CALLER);
    const position = (name: string) =>
      inTrace(TRACE)
        .filter((span) => span.name === name)
        .map((span) => attribute(span, 'rolebook.position'));
    // The command ends where its last append does, and each append is the one that is projected.
    expect(position('append role')).toEqual(position('command createRole'));
    expect(position('project').sort()).toEqual(
      [...position('append claim'), ...position('append role')].sort(),
    );
  });

  test('a refusal shows what it was; it wrote nothing', () => {
    const trace = TRACE.replace('0a', '0b');
    const operation = inTrace(trace).find(({ name }) => name === 'GraphQL mutation');
    expect(JSON.stringify(operation)).toContain('NAME_TAKEN');
    expect(operation && attribute(operation, 'graphql.operation.name')).toBe('Create');
    const outcomes = inTrace(trace).map((span) => attribute(span, 'rolebook.outcome'));
    expect(outcomes).toContain('refused');
    expect(outcomes).not.toContain('appended');
    expect(inTrace(trace).map(({ name }) => name)).not.toContain('project');
  });

  test('a caller who does not want a trace gets none; without a caller one begins here', () => {
    expect(inTrace(TRACE.replace('0a', '0c'))).toEqual([]);
    const mine = collector.spans.find((span) => attribute(span, 'rolebook.request_id') === 'of-mine');
    expect(mine).toBeDefined();
    expect(paths(mine?.traceId ?? '')).toEqual(['POST /graphql', 'POST /graphql > GraphQL query']);
    expect(new Set(collector.spans.map(({ name }) => name.split(' ')[0]))).toEqual(
      new Set(['POST', 'GraphQL', 'command', 'append', 'project']),
    );
  });

  test('lines of the log name the trace; spans hold nothing that the client sent', () => {
    const line = server
      .log()
      .split('\n')
      .find((each) => each.includes('"accepted"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ msg: 'mutation', traceId: TRACE });
    expect(collector.received.join()).toContain('"rolebook"');
    expect(collector.received.join()).not.toMatch(/wilma|createRole\(/i);
    expect(collector.received.join()).not.toContain(server.token);
  });
});

test('without one nothing of tracing is loaded', async () => {
  const installation = new Installation();
  const hook = path.join(__dirname, 'loaded-modules.js');
  try {
    const server = await installation.start({ NODE_OPTIONS: `--require ${hook}` });
    await server.graphql(CREATE, { name: 'Untraced' });
    expect(await server.stop()).toBe(0);
    const files = server
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{"loaded"'))
      .flatMap((line) => (JSON.parse(line) as { loaded: string[] }).loaded);
    expect(files.some((file) => file.includes('prom-client'))).toBe(true);
    expect(files.filter((file) => /observability.tracing/.test(file))).toEqual([]);
    // `prom-client` has the few files of the API itself, which do nothing without the rest.
    const others = files.filter((file) => /@opentelemetry.(?!api[\\/])/.test(file));
    expect(others).toEqual([]);
  } finally {
    installation.remove();
  }
});
