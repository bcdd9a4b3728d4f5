import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDecisionReads } from '../../projections';
import { openReadModels, type LocalReadModels } from '../../projections';
import { createCommandBus } from '../../src/commands/bus';
import { readCatalogueFile } from '../../src/app/compose';
import type { Command, CommandOutcome } from '../../src/commands/command';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { sealingTools, projectedLog } from '../../src/app/sealing';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { EventStore, LogFormat } from '../../src/event-store/port/event-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { validating } from '../../src/event-store/decorators/validating-store';
import { openAccount, type AccountOpening } from '../../src/operations/open-account';
import { operatorContext, type OnRecord } from '../../src/operator/operator';
import { localOperatorBus, type OperatorAnswer, type OperatorBus } from '../../src/operator/operator-bus';
import type { OperatorTarget } from '../../src/operations/register-user';
import { exportRoles, exportUsers } from '../../src/operations/transfer/export';
import { importRoles } from '../../src/operations/transfer/import-roles';
import { importUsers } from '../../src/operations/transfer/import-users';
import type { ImportSummary } from '../../src/operations/transfer/report';
import { publish } from './publication/support';
import { plainSealing } from '../sealing/plain';
import { newDirectory, removeDirectory } from '../directories';

/** Writes as releases did that knew format 1 alone. */
const PLAIN = { sealing: plainSealing, eraseKeys: async () => undefined };

/** Imports and exports over a log in memory, with all that the parts do between. */
export class Transfer {
  readonly store: EventStore;
  /** Reports on lines, as `number reason`. */
  readonly faults: string[] = [];
  /** Reports on files. */
  readonly notes: string[] = [];
  /** Caller, and the reason given. */
  record: OnRecord = { operator: 'test' };
  readonly #directory = newDirectory();
  #opened!: EventStore;
  #models!: LocalReadModels;
  #bus!: OperatorBus;

  /** `format` 1: names are in clear in the log. `given`: a log of the format, and what its key book is kept in. */
  constructor(
    private readonly format: LogFormat = 2,
    private readonly given: { readonly store?: EventStore; readonly shelf?: Shelf } = {},
  ) {
    this.store = validating(given.store ?? new MemoryEventStore({ formatOfNew: format }));
  }

  async open(): Promise<void> {
    await publish(this.store, readCatalogueFile('schema/catalogue.json'));
    const book =
      this.format === 1 ? null : await openKeyBook(new MemorySegments(this.given.shelf), () => masters('m1'));
    this.#opened = projectedLog(this.store, book, {
      onUnreadable: ({ id }) => this.faults.push(`unreadable ${id}`),
    });
    this.#models = await openReadModels({ directory: this.#directory, store: this.#opened });
    await this.#models.caughtUp();
    const bus = createCommandBus({
      store: this.store,
      reads: createDecisionReads(this.#models),
      loader: new StreamLoader(this.store),
      ...(book === null ? PLAIN : await sealingTools(this.store, book)),
      now: () => new Date(),
      pause: async () => undefined,
    });
    this.#bus = localOperatorBus(bus, this.#models, (error) => {
      throw error;
    });
  }

  async close(): Promise<void> {
    await this.#models.close();
    removeDirectory(this.#directory);
  }

  /** The log with nothing encrypted. */
  get opened(): EventStore {
    return this.#opened;
  }

  get models(): LocalReadModels {
    return this.#models;
  }

  async run(account: string, command: Command): Promise<CommandOutcome> {
    const [answer] = await this.#bus.executeAll([
      { command, context: operatorContext(account, this.record) },
    ]);
    return answer as CommandOutcome;
  }

  /** Opens an account that has nobody, so that exports of it hold only what was imported. */
  async account(id: string): Promise<void> {
    await this.run(id, { type: 'openAccount', name: id, features: [] });
  }

  openAccount(account: string, wish: AccountOpening): Promise<OperatorAnswer> {
    return openAccount(this.#target(account), wish);
  }

  /** Folder of the read models. */
  get directory(): string {
    return this.#directory;
  }

  get bus(): OperatorBus {
    return this.#bus;
  }

  users(account: string, text: string | Buffer): Promise<ImportSummary> {
    return importUsers(this.#target(account), this.#file('users.csv', text), this.#events);
  }

  roles(account: string, text: string | Buffer): Promise<ImportSummary> {
    return importRoles(this.#target(account), this.#file('roles.ndjson', text), this.#events);
  }

  exportedUsers(account: string): Promise<string> {
    return lines(exportUsers(this.#models, account));
  }

  exportedRoles(account: string): Promise<string> {
    return lines(exportRoles(this.#models, account));
  }

  /** Name and number of users of each custom role, by name. */
  async customRoles(account: string): Promise<(readonly [string, number])[]> {
    const page = await this.#models
      .view(account)
      .roleList({ kind: 'CUSTOM' }, { field: 'NAME', direction: 'ASC' }, { first: 50 });
    return page.items.map(({ item }) => [item.name, item.userCount]);
  }

  /** Number of events in the log. */
  async events(): Promise<number> {
    let count = 0;
    for await (const event of this.store.readAll()) if (event) count += 1;
    return count;
  }

  /** Numbers of the lines that were refused. */
  get refusedLines(): number[] {
    return this.faults.map((fault) => Number(fault.split(' ')[0])).sort((a, b) => a - b);
  }

  readonly #target = (account: string): OperatorTarget => ({
    bus: this.#bus,
    readModels: this.#models,
    account,
    record: this.record,
  });

  #file(name: string, text: string | Buffer): string {
    const file = path.join(this.#directory, name);
    writeFileSync(file, text);
    return file;
  }

  readonly #events = {
    onFault: (line: number, why: string) => void this.faults.push(`${line} ${why}`),
    onNote: (text: string) => void this.notes.push(text),
    onProgress: () => undefined,
  };
}

async function lines(texts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const text of texts) all += `${text}\n`;
  return all;
}
