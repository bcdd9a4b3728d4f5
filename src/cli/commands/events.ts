import type { Command } from 'commander';
import type { Place } from '../../../projections/view';
import { loadConfig } from '../../config/config';
import type { EventStore, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { placeAfter } from '../../operations/log/places';
import { isRepair, voidOf } from '../../repair/voids';
import { demandAccount, withLog } from '../log';
import { line, message } from '../output';
import { withPositions, type LogPositions } from '../positions';
import { parseAccount } from '../values';

interface EventsOptions {
  readonly account: string;
  readonly after?: string;
  readonly follow?: boolean;
}

/** `rolebook events`: the events of an account as NDJSON, from a position, and on with `--follow`. */
export function addEvents(program: Command): void {
  program
    .command('events')
    .description('print the events of an account as NDJSON, oldest first')
    .requiredOption('--account <id>', 'the account', parseAccount)
    .option(
      '--after <position>',
      'start after this position (as every line, and every answer of the API to this account, gives it), or the event of this id',
    )
    .option('--follow', 'go on with what is recorded from now on; end with Ctrl-C')
    .action((options: EventsOptions) =>
      withLog(async (store) => {
        const { account } = options;
        await demandAccount(store, account);
        const directory = loadConfig().dataDirectory;
        await withPositions(store, { directory, account }, (positions) => print(store, positions, options));
      }),
    );
}

async function print(
  store: EventStore,
  positions: LogPositions,
  { account, after, follow: goOn = false }: EventsOptions,
): Promise<void> {
  const { voids } = positions;
  const start = after === undefined ? null : await positions.find(after);
  let place = start;
  const take = async (event: RecordedEvent): Promise<void> => {
    // A follower reads an event long before it may be declared void: the list is read again at each declaration.
    if (isRepair(event.stream)) await voids.again();
    place = placeAfter(place, event, voids.now);
    if (accountOf(event) === account) await line(await asLine(event, place, positions));
  };
  if (goOn) await follow(store, start, take);
  else for await (const event of store.readAll({ after: start?.position })) await take(event);
}

async function follow(
  store: EventStore,
  start: Place | null,
  take: (event: RecordedEvent) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  message('Following; end with Ctrl-C.');
  for await (const item of store.subscribe({ after: start?.position, signal: ending.signal })) {
    if (item.kind === 'event') await take(item.event);
  }
}

async function asLine(event: RecordedEvent, place: Place, positions: LogPositions): Promise<string> {
  const { id, type, stream, revision, data, metadata } = event;
  const declared = positions.voids.now.of(event);
  return JSON.stringify({
    position: positions.encode(place),
    stream,
    revision,
    id,
    type,
    data,
    metadata,
    ...(declared ? { voided: await positions.voidAsJson(declared) } : {}),
  });
}

/** A declaration that an event is void is told to whom the event concerns. */
function accountOf(event: RecordedEvent): string | null {
  const declared = isRepair(event.stream) ? voidOf(event) : null;
  return parseStream(declared?.stream ?? event.stream)?.account ?? null;
}
