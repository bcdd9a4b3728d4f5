import { createCommandBus } from '../../src/commands/bus';
import {
  CommandError,
  type Command,
  type CommandBus,
  type CommandContext,
  type CommandOutcome,
} from '../../src/commands/command';
import type { DecisionReads } from '../../src/commands/decision-reads';
import { plainSealing } from '../sealing/plain';
import { identify, newRoleId } from '../../src/commands/identity';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import type { CommandTools } from '../../src/commands/session';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  NewEvent,
  ReadStreamOptions,
  RecordedEvent,
} from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { validating } from '../../src/event-store/decorators/validating-store';
import { readBook, type Book } from '../model-checker/book';
import { guardsOf } from './decision-reads';

/** Given these commands, when that one is executed, then the log says this: one log, as many replicas as wanted. */

export const ACCOUNT = 'acme';
export const OPERATOR = { type: 'operator', id: 'op' } as const;
export const user = (id: string) => ({ type: 'user', id }) as const;
export const NOW = new Date('2026-03-01T12:00:00.000Z');

/** A command and who asks for it; the operator, unless said otherwise. */
export interface Ask {
  readonly command: Command;
  readonly context?: Partial<CommandContext>;
}
export const ask = (command: Command, context?: Partial<CommandContext>): Ask => ({ command, context });

let asked = 0;
/** The context of one request: every request has an id of its own, by which its events are found. */
export const contextOf = ({ context }: Ask): CommandContext => ({
  account: ACCOUNT,
  actor: OPERATOR,
  requestId: `request-${(asked += 1)}`,
  ...context,
});

/** Id of the role that an operator's `createRole` or `duplicateRole` with this key makes. */
export const roleIdOf = (key: string, type: 'createRole' | 'duplicateRole' = 'createRole'): string =>
  newRoleId(
    identify(
      { type } as Command,
      contextOf({ command: { type } as Command, context: { idempotencyKey: key } }),
    ),
  );

/** A memory log that can be copied, and is read in one go: a read takes no turn of the event loop. */
export class Log {
  readonly events: RecordedEvent[] = [];
  private readonly heads = new Map<string, number>();
  private known: Book | undefined;

  constructor(readonly store = new MemoryEventStore()) {}

  async copy(): Promise<Log> {
    const copy = new Log();
    for (const { stream, revision, id, type, data, metadata } of this.events) {
      await copy.append(stream, revision === 0 ? 'no-stream' : revision - 1, [{ id, type, data, metadata }]);
    }
    return copy;
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    const result = await this.store.append(stream, expected, events);
    const head = this.heads.get(stream) ?? -1;
    if (result.outcome !== 'appended' || result.revision <= head) return result;
    this.heads.set(stream, result.revision);
    const first = result.position - BigInt(events.length) + 1n;
    events.forEach((event, index) =>
      this.events.push({ ...event, stream, revision: head + 1 + index, position: first + BigInt(index) }),
    );
    return result;
  }

  async read(stream: string, options: ReadStreamOptions = {}): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    const head = this.heads.get(stream);
    for await (const event of this.store.readStream(stream, options)) {
      found.push(event);
      if (event.revision === head) break;
    }
    return found;
  }

  book(): Book {
    if (this.known?.events.length !== this.events.length) this.known = readBook([...this.events]);
    return this.known;
  }
}

/** One call of the store, or a pause. */
export interface Call {
  readonly kind: 'read' | 'append' | 'pause';
  readonly stream: string;
}
/** Waits until it is the caller's turn. Never resolves for one who is dead. */
export type Turn = (call: Call) => Promise<void>;

/** The part of the port that commands use. */
export type StorePart = Pick<EventStore, 'append' | 'readStream'>;

export function storeOf(part: StorePart): EventStore {
  const unused = () => {
    throw new Error('commands do not call this');
  };
  return {
    append: (...args) => part.append(...args),
    readStream: (...args) => part.readStream(...args),
    identity: unused,
    line: unused,
    takeLine: unused,
    format: unused,
    origin: unused,
    takeFormat: unused,
    appendInOrder: unused,
    readAll: unused,
    head: unused,
    subscribe: unused,
    close: unused,
  };
}

/** Every call waits for its turn, is then made at once, and is atomic. */
export const gatedStore = (log: Log, turn: Turn): EventStore =>
  storeOf({
    async append(stream, expected, events) {
      await turn({ kind: 'append', stream });
      return log.append(stream, expected, events);
    },
    async *readStream(stream, options) {
      await turn({ kind: 'read', stream });
      yield* await log.read(stream, options);
    },
  });

const AT_ONCE: Turn = () => Promise.resolve();

/** A replica: its own loader, queue and reads over the shared log. */
export const replica = (
  log: Log,
  reads: DecisionReads = guardsOf(() => log.book()),
  turn: Turn = AT_ONCE,
  { store = gatedStore(log, turn), ...tools }: Partial<CommandTools> = {},
): CommandBus => replicaOn(store, reads, { pause: () => turn({ kind: 'pause', stream: '' }), ...tools });

export function replicaOn(
  unchecked: EventStore,
  reads: DecisionReads,
  tools: Partial<CommandTools> = {},
): CommandBus {
  const store = validating(unchecked);
  return createCommandBus({
    store,
    reads,
    loader: new StreamLoader(store, null, { streams: 20 }),
    sealing: plainSealing,
    eraseKeys: () => Promise.resolve(),
    now: () => NOW,
    pause: () => Promise.resolve(),
    ...tools,
  });
}

/** Outcome of one request. */
export interface Done {
  readonly ask: Ask;
  readonly context: CommandContext;
  readonly outcome: CommandOutcome | CommandError;
}

export async function execute(bus: CommandBus, wish: Ask): Promise<Done> {
  const context = contextOf(wish);
  try {
    return { ask: wish, context, outcome: await bus.execute(wish.command, context) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ask: wish, context, outcome: error };
  }
}

/** The codes that a request was refused with, sorted; `ok` where it was accepted. */
export function verdict({ outcome }: Done): string {
  if (outcome instanceof CommandError) return outcome.code;
  if (outcome.accepted) return 'ok';
  return [...new Set(outcome.refusals.map(({ code }) => code))].sort().join(' ');
}

const register = (id: string): Ask =>
  ask({ type: 'registerUser', user: id, username: id, name: `Name of ${id}` });

/** An account with all features, the account admins ann and bob, and the users cat and dan. */
export const ACCOUNT_GIVEN: readonly Ask[] = [
  ask({ type: 'openAccount', name: 'Acme', features: ['EXTRA'] }),
  ...['ann', 'bob', 'cat', 'dan'].map(register),
  ask({ type: 'assignUsers', role: 'account-admin', userIds: ['ann', 'bob'] }),
];

/** A log in which all this was accepted. */
export const given = (...asks: readonly Ask[]): Promise<Log> => givenOn(new Log(), ...asks);

/** The same, on a log that is empty. */
export async function givenOn(log: Log, ...asks: readonly Ask[]): Promise<Log> {
  const bus = replica(log);
  for (const wish of [...ACCOUNT_GIVEN, ...asks]) {
    const done = await execute(bus, wish);
    if (verdict(done) !== 'ok') throw new Error(`given ${wish.command.type}: ${verdict(done)}`);
  }
  return log;
}
