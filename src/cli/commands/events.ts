import type { Command } from 'commander';
import type { Place } from '../../../projections/view';
import { loadConfig } from '../../config/config';
import { withOpenedLog } from '../../app/sealing';
import type { EventStore, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { placeAfter } from '../../operations/log/places';
import { demandAccount, withLog } from '../log';
import { newerEventError } from '../../repair/newer';
import { isRepair, voidOf, type EventVoid } from '../../repair/voids';
import { line, message } from '../output';
import { withPositions, type LogPositions } from '../positions';
import { parseAccount } from '../values';

interface EventsOptions {
  readonly account: string;
  readonly after?: string;
  readonly follow?: boolean;
  readonly catalogue?: boolean;
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
    .option(
      '--catalogue',
      'the catalogue’s events too, by which default roles change; they hold from their CataloguePublished on',
    )
    .option('--follow', 'go on with what is recorded from now on; end with Ctrl-C')
    .action((options: EventsOptions) =>
      withLog(async (store) => {
        const { account } = options;
        await demandAccount(store, account);
        const config = loadConfig();
        const { dataDirectory: directory } = config;
        await withOpenedLog(store, config, (opened) =>
          withPositions(store, { directory, account, opened }, (positions) =>
            print(opened, positions, options),
          ),
        );
      }),
    );
}

async function print(store: EventStore, positions: LogPositions, options: EventsOptions): Promise<void> {
  const { voids } = positions;
  const start = options.after === undefined ? null : await positions.find(options.after);
  let place = start;
  const take = async (event: RecordedEvent): Promise<void> => {
    // A follower reads an event long before it may be declared void: the list is reread at each declaration.
    if (isRepair(event.stream)) await voids.again();
    place = placeAfter(place, event, voids.now);
    if (!concerns(event, options)) return;
    const declared = voids.now.of(event);
    if (!declared) tellIfNewer(event);
    await line(await asLine(event, { place, declared, positions }));
  };
  if (options.follow) await follow(store, start, take);
  else for await (const event of store.readAll({ after: start?.position })) await take(event);
}

/** It is printed as it stands in the log; exit code 1 says that someone has to know more of it than this program does. */
function tellIfNewer(event: RecordedEvent): void {
  const error = newerEventError(event);
  if (error === null) return;
  if (process.exitCode !== 1) message(error.message);
  process.exitCode = 1;
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

interface Printed {
  readonly place: Place;
  readonly declared: EventVoid | null;
  readonly positions: LogPositions;
}

async function asLine(
  { id, type, stream, revision, data, metadata }: RecordedEvent,
  { place, declared, positions }: Printed,
): Promise<string> {
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

/** Tells if an event is to be printed. A declaration that an event is void is told to whom the event concerns. */
function concerns(event: RecordedEvent, { account, catalogue = false }: EventsOptions): boolean {
  const declared = isRepair(event.stream) ? voidOf(event) : null;
  const stream = parseStream(declared?.stream ?? event.stream);
  return stream?.account === account || (catalogue && stream?.category === 'catalogue');
}
