import type { Command } from 'commander';
import type { EventStore, Position, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { PositionCodec } from '../../shared/position-codec';
import { demandAccount, withLog } from '../log';
import { KnownVoids } from '../../repair/known-voids';
import { newerEventError } from '../../repair/newer';
import { isRepair, voidOf, type EventVoid } from '../../repair/voids';
import { line, message } from '../output';
import { decodePosition, voidAsJson } from '../positions';
import { parseAccount } from '../values';

interface Options {
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
      'start after this position (as every line and every answer of the API gives it)',
    )
    .option(
      '--catalogue',
      'the catalogue’s events too, by which default roles change; they hold from their CataloguePublished on',
    )
    .option('--follow', 'go on with what is recorded from now on; end with Ctrl-C')
    .action(async (options: Options) => {
      await withLog(async (store) => {
        await demandAccount(store, options.account);
        const positions = new PositionCodec(await store.identity());
        const after = options.after === undefined ? undefined : decodePosition(positions, options.after);
        const voids = new KnownVoids(store);
        await voids.again();
        const print = async (event: RecordedEvent): Promise<void> => {
          // A follower reads an event long before it may be declared void: the list is reread at each declaration.
          if (isRepair(event.stream)) await voids.again();
          if (!concerns(event, options)) return;
          const declared = voids.now.of(event);
          if (!declared) tellIfNewer(event);
          await line(asLine(event, positions, declared));
        };
        if (!options.follow) for await (const event of store.readAll({ after })) await print(event);
        else await follow(store, after, print);
      });
    });
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
  after: Position | undefined,
  print: (event: RecordedEvent) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  message('Following; end with Ctrl-C.');
  for await (const item of store.subscribe({ after, signal: ending.signal })) {
    if (item.kind === 'event') await print(item.event);
  }
}

const asLine = (
  { id, type, stream, revision, position, data, metadata }: RecordedEvent,
  positions: PositionCodec,
  declared: EventVoid | null,
): string =>
  JSON.stringify({
    position: positions.encode(position),
    stream,
    revision,
    id,
    type,
    data,
    metadata,
    ...(declared ? { voided: voidAsJson(declared, positions) } : {}),
  });

/** Tells if an event is to be printed. A declaration that an event is void is told to whom the event concerns. */
function concerns(event: RecordedEvent, { account, catalogue = false }: Options): boolean {
  const declared = isRepair(event.stream) ? voidOf(event) : null;
  const stream = parseStream(declared?.stream ?? event.stream);
  return stream?.account === account || (catalogue && stream?.category === 'catalogue');
}
