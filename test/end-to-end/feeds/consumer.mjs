/**
 * Consumer of a feed, in a process of its own that others kill: it says on stdout what it was given (`+ id position`), when
 * it has confirmed that (`=`), and other positions that it may go on from (`= position`), and goes on until it is killed.
 * Its argument is JSON: kind, url, token, after (null: from the beginning), `byHeader` for Last-Event-ID.
 */
const { kind, url, token, after, byHeader = false } = JSON.parse(process.argv[2]);
const authorization = `Bearer ${token}`;
const PAGE = 50;
const IDLE_MS = 20;

/** Ways in, by name, as `killed-consumer.ts` lists them: each gives what a feed says, as `{ id, position }` of events and `{ position }` besides. */
const KINDS = { page, stream, sse };

async function* page() {
  for (let from = after; ;) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(from === null ? {} : { after: from }) });
    let end;
    for await (const line of linesOf(await ask(query))) {
      if (line.end) end = line;
      else yield line;
    }
    if (!end) throw new Error('The page was cut off.');
    yield { position: end.position };
    from = end.position;
    if (!end.more) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  }
}

async function* stream() {
  const query = new URLSearchParams({ follow: 'true', ...(after === null ? {} : { after }) });
  yield* linesOf(await ask(query));
}

async function* sse() {
  const { EventSource } = await import('eventsource');
  const waiting = [];
  let wake = () => undefined;
  const take = (each) => {
    waiting.push(each);
    wake();
  };
  const query = new URLSearchParams(after === null || byHeader ? {} : { after });
  const headers = { authorization, ...(after !== null && byHeader ? { 'last-event-id': after } : {}) };
  const source = new EventSource(`${url}/events?${query}`, {
    fetch: (to, init) => fetch(to, { ...init, headers: { ...init.headers, ...headers } }),
  });
  source.addEventListener('message', ({ data, lastEventId }) =>
    take({ id: JSON.parse(data).id, position: lastEventId }),
  );
  source.addEventListener('heartbeat', ({ data }) => take(JSON.parse(data)));
  source.addEventListener('reset', ({ data }) => take({ error: data }));
  source.addEventListener('error', ({ code }) => take({ error: `status ${code}` }));
  for (;;) {
    while (waiting.length > 0) yield waiting.shift();
    await new Promise((resolve) => (wake = resolve));
  }
}

async function ask(query) {
  const response = await fetch(`${url}/events?${query}`, { headers: { authorization } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response;
}

async function* linesOf(response) {
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

try {
  for await (const { id, position, error } of KINDS[kind]()) {
    if (error) throw new Error(error);
    if (id === undefined) process.stdout.write(`= ${position}\n`);
    else {
      process.stdout.write(`+ ${id} ${position}\n`);
      process.stdout.write('=\n');
    }
  }
  throw new Error('The feed ended.');
} catch (error) {
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
}
