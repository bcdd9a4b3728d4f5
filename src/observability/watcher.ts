import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LocalReadModels, OpenReadModelsOptions } from '../../projections';
import type { Command, CommandBus, CommandContext, CommandOutcome } from '../commands/command';
import type { CommandTools } from '../commands/session';
import type { AppendResult, EventStore, NewEvent } from '../event-store/port/event-store';
import type { RequestContext } from '../graphql/context';
import type { KeyBook } from '../keys/port/key-book';

/**
 * Observer of the running parts, metrics and traces for example. The parts do not know of it: they are wrapped, or call
 * their own callbacks anyway. Every hook may be left out.
 */
export interface Watcher {
  /** Around each append, of commands and of the catalogue alike, on any store. */
  readonly append?: (append: WatchedAppend, proceed: () => Promise<AppendResult>) => Promise<AppendResult>;
  /** Around each command of any sender. */
  readonly command?: (
    command: Command,
    context: CommandContext,
    proceed: () => Promise<CommandOutcome>,
  ) => Promise<CommandOutcome>;
  readonly onRetry?: CommandTools['onRetry'];
  readonly onTrouble?: OpenReadModelsOptions['onTrouble'];
  readonly onBuild?: OpenReadModelsOptions['onBuild'];
  /** Called for each event read of which a text could not be decrypted although nobody erased it. */
  readonly onUnreadable?: () => void;
  /** Called for each attempt that was refused for want of a right, with the code. */
  readonly onRefused?: (code: string) => void;
  /** Called for each reader of events who comes (1) or goes (-1), with what it reads by. */
  readonly onReaders?: (by: string, change: 1 | -1) => void;
  /** Called once, when the book is open; returns what ends the watching, before the book is closed. */
  readonly keyBook?: (book: WatchedKeyBook) => () => void;
  /** Called once, when they are open. */
  readonly readModels?: (readModels: LocalReadModels) => void;
  /** Called once, where the server seals its log; the state is asked for when it is shown. */
  readonly seals?: (status: () => WatchedSeals) => void;
  /** Called for each time that the log could not be sealed, with the code. */
  readonly onSealFailure?: (code: string) => void;
  /** Adds hooks to the application that serves the API. */
  readonly http?: (app: FastifyInstance) => void;
  /** Adds routes for scrapers. */
  readonly scrapes?: (app: FastifyInstance, guard: ScraperGuard) => void;
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
  /** Called last, when nothing is left to watch. */
  readonly close?: () => Promise<void>;
}

export interface ScraperGuard {
  /** Rejects unless the caller may scrape. */
  scraper(request: FastifyRequest): Promise<void>;
  /** Rejects unless the caller is an operator. */
  operator(request: FastifyRequest): Promise<void>;
}

export interface WatchedAppend {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** Key book as far as watchers may know it. */
export type WatchedKeyBook = Pick<KeyBook, 'status'>;

/** State of the seals as far as watchers may know it. */
export interface WatchedSeals {
  /** The last seal: its time, in milliseconds since 1970, and the events that it covers. */
  readonly last: { readonly at: number; readonly events: number } | null;
  /** Time since which events wait for a seal; null while none does. */
  readonly unsealedSince: number | null;
}

/** Any number of watchers combined into one. */
export interface Watch {
  store(store: EventStore): EventStore;
  bus(bus: CommandBus): CommandBus;
  readonly onRetry: NonNullable<Watcher['onRetry']>;
  readonly onTrouble: NonNullable<Watcher['onTrouble']>;
  readonly onBuild: NonNullable<Watcher['onBuild']>;
  readonly onUnreadable: NonNullable<Watcher['onUnreadable']>;
  readonly onRefused: NonNullable<Watcher['onRefused']>;
  readonly onReaders: NonNullable<Watcher['onReaders']>;
  readonly keyBook: NonNullable<Watcher['keyBook']>;
  readonly readModels: NonNullable<Watcher['readModels']>;
  readonly seals: NonNullable<Watcher['seals']>;
  readonly onSealFailure: NonNullable<Watcher['onSealFailure']>;
  readonly http: NonNullable<Watcher['http']>;
  readonly scrapes: NonNullable<Watcher['scrapes']>;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
  close(): Promise<void>;
}

/** The first watcher is the outermost. */
export function watchWith(...watchers: readonly Watcher[]): Watch {
  const inwards = [...watchers].reverse();
  return {
    store: (store) =>
      inwards.reduce((inner, { append }) => (append ? new WatchedStore(inner, append) : inner), store),
    bus: (bus) =>
      inwards.reduce<CommandBus>((inner, { command: around }) => {
        if (!around) return inner;
        return {
          execute: (command, context) => around(command, context, () => inner.execute(command, context)),
        };
      }, bus),
    onRetry: (why) => watchers.forEach(({ onRetry }) => onRetry?.(why)),
    onTrouble: (why, retryInMs) => watchers.forEach(({ onTrouble }) => onTrouble?.(why, retryInMs)),
    onBuild: (file) => watchers.forEach(({ onBuild }) => onBuild?.(file)),
    onUnreadable: () => watchers.forEach(({ onUnreadable }) => onUnreadable?.()),
    onRefused: (code) => watchers.forEach(({ onRefused }) => onRefused?.(code)),
    onReaders: (by, change) => watchers.forEach(({ onReaders }) => onReaders?.(by, change)),
    keyBook(book) {
      const ends = watchers.map(({ keyBook }) => keyBook?.(book));
      return () => ends.forEach((end) => end?.());
    },
    readModels: (opened) => watchers.forEach(({ readModels }) => readModels?.(opened)),
    seals: (status) => watchers.forEach(({ seals }) => seals?.(status)),
    onSealFailure: (code) => watchers.forEach(({ onSealFailure }) => onSealFailure?.(code)),
    http: (app) => watchers.forEach(({ http }) => http?.(app)),
    scrapes: (app, guard) => watchers.forEach(({ scrapes }) => scrapes?.(app, guard)),
    plugins: watchers.flatMap(({ plugins = [] }) => plugins),
    async close() {
      for (const { close } of watchers) await close?.();
    },
  };
}

/** A store whose appends are watched; all other calls pass straight through. */
class WatchedStore implements EventStore {
  readonly identity: EventStore['identity'];
  readonly line: EventStore['line'];
  readonly takeLine: EventStore['takeLine'];
  readonly format: EventStore['format'];
  readonly origin: EventStore['origin'];
  readonly takeFormat: EventStore['takeFormat'];
  readonly appendInOrder: EventStore['appendInOrder'];
  readonly readStream: EventStore['readStream'];
  readonly readAll: EventStore['readAll'];
  readonly head: EventStore['head'];
  readonly subscribe: EventStore['subscribe'];
  readonly clockSkewMs: EventStore['clockSkewMs'];
  readonly writableSchema: EventStore['writableSchema'];
  readonly close: EventStore['close'];

  constructor(
    private readonly inner: EventStore,
    private readonly around: NonNullable<Watcher['append']>,
  ) {
    this.identity = inner.identity.bind(inner);
    this.line = inner.line.bind(inner);
    this.takeLine = inner.takeLine.bind(inner);
    this.format = inner.format.bind(inner);
    this.origin = inner.origin.bind(inner);
    this.takeFormat = inner.takeFormat.bind(inner);
    this.appendInOrder = inner.appendInOrder.bind(inner);
    this.readStream = inner.readStream.bind(inner);
    this.readAll = inner.readAll.bind(inner);
    this.head = inner.head.bind(inner);
    this.subscribe = inner.subscribe.bind(inner);
    this.clockSkewMs = inner.clockSkewMs?.bind(inner);
    this.writableSchema = inner.writableSchema?.bind(inner);
    this.close = inner.close.bind(inner);
  }

  append: EventStore['append'] = (stream, expected, events) =>
    this.around({ stream, events }, () => this.inner.append(stream, expected, events));
}
