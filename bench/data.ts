import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openReadModels } from '../projections';
import { openKeyBook } from '../src/app/open-key-book';
import { KeyedSealing } from '../src/sealing/keyed-sealing';
import { operatorMetadata } from '../src/operations/publication/metadata';
import { publishCatalogue } from '../src/operations/publication/publish';
import { progress } from '../src/cli/progress';
import { loadConfig } from '../src/config/config';
import type { CatalogueFile } from '../src/domain/catalogue/file';
import { openEmbeddedStore } from '../src/event-store/embedded';
import type { EventStore, Position } from '../src/event-store/port/event-store';
import { PositionCodec } from '../src/shared/position-codec';
import { issueToken } from '../src/http/authentication/local-tokens';
import { loadSigningKey } from '../src/http/authentication/signing-key';
import { projectorThread } from '../src/app/workers/projector';
import { ACCOUNT, ADMIN, PopulationLog, type Append } from './population/events';
import { ListsLog } from './population/lists';
import { planOf, type Plan } from './population/plan';
import { shapeOf } from './population/shape';
import { writeAll } from './population/write';

/** Data folders of populations, made when first asked for, kept for the run and removed with it. */

export const ROOT = path.join(__dirname, '..', '..');

export interface DataFolder {
  readonly directory: string;
  readonly plan: Plan;
  /** Token of the account's admin. */
  readonly token: string;
  /** Events in the log. */
  readonly events: number;
  /** Position at the end of the first chapter, as clients name it: before roles were renamed and users left. */
  readonly past: string;
  /** Positions at the ends of all chapters; that of lists has one more, so that little changed since its second. */
  readonly ends: readonly Position[];
  /** Cost of building the read models from the whole log. */
  readonly rebuildSeconds: number;
}

export class Data {
  readonly #root = mkdtempSync(path.join(os.tmpdir(), 'rolebook-bench-'));
  readonly #folders = new Map<string, Promise<DataFolder>>();
  #made = 0;

  /**
   * The folder of so many users; `purpose` tells apart those that a group changes. Those for lists have a population of
   * their own, so that other figures are comparable with those from before there were lists.
   */
  folder(users: number, purpose = 'read'): Promise<DataFolder> {
    const key = `${users} ${purpose}`;
    const known = this.#folders.get(key) ?? makeFolder(this.newDirectory(), users, purpose === 'lists');
    this.#folders.set(key, known);
    return known;
  }

  newDirectory(): string {
    const directory = path.join(this.#root, String((this.#made += 1)));
    mkdirSync(directory);
    return directory;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

export const catalogueFile = (): CatalogueFile =>
  JSON.parse(readFileSync(path.join(ROOT, 'schema', 'catalogue.json'), 'utf8')) as CatalogueFile;

async function makeFolder(directory: string, users: number, forLists: boolean): Promise<DataFolder> {
  const file = catalogueFile();
  const plan = planOf(shapeOf(users), file);
  const features = file.features.map(({ key }) => key);
  const { log, chapters } = chaptersOf(plan, features, forLists);
  const store = await openEmbeddedStore({ directory });
  const metadata = operatorMetadata({ actorId: 'bench', requestId: 'bench' });
  await publishCatalogue({ store, file, metadata });
  const book = await openKeyBook(loadConfig({ ROLEBOOK_DATA_DIR: directory }), { readOnly: false });
  const written = progress(`Log of ${users.toLocaleString('en')} users`);
  const total = log.events;
  let events = 0;
  const onWritten = (count: number): void => written.update((events += count), total);
  const sealing = await new KeyedSealing(book).openAccount(ACCOUNT);
  const ends: Position[] = [];
  for (const chapter of chapters) ends.push(await writeAll({ store, sealing }, chapter, onWritten));
  written.finish();
  await book.close();
  const seconds = await build(directory, store, directory, users);
  const positions = new PositionCodec({ identity: await store.identity(), line: await store.line() });
  await store.close();
  const key = loadSigningKey({ signingKeyFile: path.join(directory, 'signing.key') });
  const token = await issueToken(key, { account: ACCOUNT, user: ADMIN });
  return {
    directory,
    plan,
    token,
    events,
    past: positions.encodePending(ends[0]!, ACCOUNT),
    ends,
    rebuildSeconds: seconds,
  };
}

interface Chapters {
  readonly log: PopulationLog;
  readonly chapters: readonly Iterable<Append>[];
}

function chaptersOf(plan: Plan, features: readonly string[], forLists: boolean): Chapters {
  if (!forLists) {
    const log = new PopulationLog(plan, features);
    return { log, chapters: [log.before(), log.after()] };
  }
  const log = new ListsLog(plan, features);
  return {
    log,
    chapters: [inTurn(log.before(), log.lively()), inTurn(log.after(), log.late()), log.recent()],
  };
}

function* inTurn(...parts: readonly Iterable<Append>[]): Generator<Append, void, undefined> {
  for (const part of parts) yield* part;
}

/** Builds the read models of a folder's log once more, elsewhere. */
export async function rebuildSeconds({ directory, plan }: DataFolder, elsewhere: string): Promise<number> {
  const store = await openEmbeddedStore({ directory, readOnly: true });
  try {
    return await build(elsewhere, store, directory, plan.shape.users);
  } finally {
    await store.close();
  }
}

/** Builds read models as a start does: in a thread, from the log of a data folder. */
async function build(directory: string, store: EventStore, log: string, users: number): Promise<number> {
  const began = performance.now();
  const built = progress(`Read models of ${users.toLocaleString('en')} users`);
  const models = await openReadModels({
    directory,
    store,
    startThread: projectorThread(loadConfig({ ROLEBOOK_DATA_DIR: log }), { onUnreadable: () => undefined }),
    onProgress: ({ done, total }) => built.update(done, total),
  });
  await models.caughtUp();
  const seconds = (performance.now() - began) / 1_000;
  built.finish();
  await models.close();
  return seconds;
}
