import { InvalidArgumentError, type Command } from 'commander';
import type { Place } from '../../../projections/view';
import { loadConfig } from '../../config/config';
import { withOpenedLog } from '../../app/sealing';
import type { EventType } from '../../domain/events';
import { isEventType } from '../../domain/schemas';
import type { EventStore, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { placeAfter } from '../../operations/log/places';
import { demandAccount, withLog } from '../log';
import { newerEventError } from '../../repair/newer';
import { isRepair, voidOf, type EventVoid } from '../../repair/voids';
import { printFeed } from '../feed-client';
import { CliError, line, message } from '../output';
import { withPositions, type LogPositions } from '../positions';
import { parseAccount } from '../values';

interface EventsOptions {
  readonly url?: string;
  readonly account?: string;
  readonly after?: string;
  readonly types?: readonly EventType[];
  readonly follow?: boolean;
  readonly catalogue?: boolean;
}

/** Those of the log of the data folder, where the account must be named. */
type OptionsOfLog = EventsOptions & { readonly account: string };

/** `rolebook events`: events as NDJSON, from a position, and on with `--follow`; of a server, or of the log itself. */
export function addEvents(program: Command): void {
  program
    .command('events')
    .description('print the events of an account as NDJSON, oldest first')
    .option(
      '--url <address>',
      'of the server there, over HTTP, with the token in ROLEBOOK_TOKEN: each line is a CloudEvent; left out: of the log of the data folder',
    )
    .option(
      '--account <id>',
      'the account; with --url and the token of an operator it may be left out: then all are printed',
      parseAccount,
    )
    .option(
      '--after <position>',
      'start after this position (as every line, and every answer of the API to this account, gives it), or the event of this id',
    )
    .option(
      '--catalogue',
      'the catalogue’s events too, by which default roles change; they hold from their CataloguePublished on',
    )
    .option('--types <types>', 'only events of these types, with commas between', parseTypes)
    .option('--follow', 'go on with what is recorded from now on; end with Ctrl-C')
    .action((options: EventsOptions) =>
      options.url === undefined ? printLog(ofLog(options)) : printServer(options.url, options),
    );
}

function parseTypes(text: string): readonly EventType[] {
  const types = text.split(',').map((type) => type.trim());
  if (types.every(isEventType)) return types;
  throw new InvalidArgumentError('Give types of events, as RoleCreated,RoleDeleted.');
}

function ofLog(options: EventsOptions): OptionsOfLog {
  const { account } = options;
  if (account === undefined) throw new CliError('Name the account: --account.');
  return { ...options, account };
}

/** @throws CliError */
async function printServer(url: string, options: EventsOptions): Promise<void> {
  const { account, after, types, follow = false, catalogue } = options;
  if (catalogue)
    throw new CliError('--catalogue is for the log of the data folder: a server gives its events always.');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CliError('--url is an address, as http://127.0.0.1:4000.');
  const { token } = loadConfig();
  if (token === null)
    throw new CliError('Set ROLEBOOK_TOKEN, or ROLEBOOK_TOKEN_FILE, to the token that the server takes.');
  const signal = endedBySignals();
  if (follow) message('Following; end with Ctrl-C.');
  await printFeed({ url, token, account, after, types: types?.join(','), follow, signal }, line);
}

const printLog = (options: OptionsOfLog): Promise<void> =>
  withLog(async (store) => {
    const { account } = options;
    await demandAccount(store, account);
    const config = loadConfig();
    const { dataDirectory: directory } = config;
    await withOpenedLog(store, config, (opened) =>
      withPositions(store, { directory, account, opened }, (positions) => print(opened, positions, options)),
    );
  });

async function print(store: EventStore, positions: LogPositions, options: OptionsOfLog): Promise<void> {
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
  const signal = endedBySignals();
  message('Following; end with Ctrl-C.');
  for await (const item of store.subscribe({ after: start?.position, signal })) {
    if (item.kind === 'event') await take(item.event);
  }
}

function endedBySignals(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  return ending.signal;
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
function concerns(event: RecordedEvent, { account, types, catalogue = false }: OptionsOfLog): boolean {
  if (types && !types.some((type) => type === event.type)) return false;
  const declared = isRepair(event.stream) ? voidOf(event) : null;
  const stream = parseStream(declared?.stream ?? event.stream);
  return stream?.account === account || (catalogue && stream?.category === 'catalogue');
}
