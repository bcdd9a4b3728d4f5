import type { Command } from 'commander';
import type { EventStore, Position, RecordedEvent } from '../event-store/event-store';
import { parseStream } from '../event-store/streams';
import { PositionCodec } from '../graphql/position';
import { demandAccount, withLog } from './connections';
import { CliFailure, line, message } from './output';
import { parseAccount } from './values';

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
    .option('--follow', 'go on with what is recorded from now on; end with Ctrl-C')
    .action(async (options: { account: string; after?: string; follow?: boolean }) => {
      await withLog(async (store) => {
        await demandAccount(store, options.account);
        const positions = new PositionCodec(await store.identity());
        const after = options.after === undefined ? undefined : decode(positions, options.after);
        const print = (event: RecordedEvent): void => {
          if (parseStream(event.stream)?.account === options.account) line(asLine(event, positions));
        };
        if (!options.follow) for await (const event of store.readAll({ after })) print(event);
        else await follow(store, after, print);
      });
    });
}

async function follow(
  store: EventStore,
  after: Position | undefined,
  print: (event: RecordedEvent) => void,
): Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  message('Following; end with Ctrl-C.');
  for await (const item of store.subscribe({ after, signal: ending.signal })) {
    if (item.kind === 'event') print(item.event);
  }
}

function decode(positions: PositionCodec, text: string): Position {
  try {
    return positions.decode(text);
  } catch (error) {
    throw new CliFailure(error instanceof Error ? error.message : String(error));
  }
}

const asLine = (
  { id, type, stream, revision, position, data, metadata }: RecordedEvent,
  positions: PositionCodec,
): string =>
  JSON.stringify({ position: positions.encode(position), stream, revision, id, type, data, metadata });
