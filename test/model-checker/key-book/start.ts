import { copyKeyBook } from '../../../src/keys/book/copy';
import { openKeyBook } from '../../../src/keys/book/key-book';
import type { KeyBook } from '../../../src/keys/port/key-book';
import { ivOfCopy } from '../../../src/keys/sealed-field';
import type { CommandBus } from '../../../src/commands/command';
import { erasingKeys } from '../../../src/sealing/erase-keys';
import { KeyedSealing } from '../../../src/sealing/keyed-sealing';
import { guardsOf } from '../../commands/decision-reads';
import { ACCOUNT_GIVEN, execute, replicaOn, storeOf, verdict, type Ask } from '../../commands/harness';
import { masters } from '../../keys/contract/controls';
import { MemorySegments, type Shelf } from '../../keys/memory/memory-segments';
import type { Task } from '../process';
import type { Appending, RaceStart } from '../race';
import { OpenLog } from '../shared-log';
import { COPY, drawnBy, MAIN, type Shelving } from '../shelves';

/** A race of processes that share a log and key books. */
export interface KeyRace {
  readonly name: string;
  /** Accepted before, after the account was opened and its users were registered; null: nothing was, that included. */
  readonly given?: readonly Ask[] | null;
  /** Tasks of each process, one after another. */
  readonly processes: readonly (readonly Task[])[];
  /** Master keys of each process, those that seal first; left out: the new one, then the old one. */
  readonly files?: readonly (readonly string[])[];
  /** For the controls: stores that break their word, and a source of random bytes that repeats them. */
  readonly append?: Appending;
  readonly shelve?: Shelving;
  readonly drawAlike?: boolean;
}

/** Processes do not find the master key of before; it sealed all that stands at the start. */
const OLD = masters('m1');
const BOTH = ['m2', 'm1'];

export const busOn = (open: OpenLog, book: KeyBook, newId?: () => string): CommandBus =>
  replicaOn(
    storeOf(open),
    guardsOf(() => open.now.book),
    { sealing: new KeyedSealing(book, ivOfCopy), eraseKeys: erasingKeys(open, book), newId },
  );

export const filesOf = ({ processes, files }: KeyRace): readonly (readonly string[])[] =>
  processes.map((_, process) => files?.[process] ?? BOTH);

/** The account has two segments, each of a process of its own, and a copy of the key book from before `given`. */
export async function startOf(race: KeyRace): Promise<Required<RaceStart>> {
  const main: Shelf = new Map();
  const copy: Shelf = new Map();
  const open = new OpenLog();
  let drawn = 0;
  const newId = (): string => `f0000000-0000-4000-8000-${String((drawn += 1)).padStart(12, '0')}`;
  const given = async (name: string, ...asks: readonly Ask[]): Promise<void> => {
    const random = drawnBy(name);
    const book = await openKeyBook(new MemorySegments(main), () => OLD, { now: () => 0, random });
    for (const ask of asks) {
      const said = verdict(await execute(busOn(open, book, newId), ask));
      if (said !== 'ok') throw new Error(`given ${ask.command.type}: ${said}`);
    }
  };
  if (race.given !== null) {
    const registersDan = ({ command }: Ask): boolean =>
      command.type === 'registerUser' && command.user === 'dan';
    const isLast = ({ command }: Ask): boolean => command.type === 'assignUsers';
    await given('a', ...ACCOUNT_GIVEN.filter((ask) => !registersDan(ask) && !isLast(ask)));
    await given('b', ...ACCOUNT_GIVEN.filter((ask) => registersDan(ask) || isLast(ask)));
    const target = { store: new MemorySegments(copy), masterKeys: () => masters('c1') };
    await copyKeyBook({ store: new MemorySegments(main), masterKeys: () => OLD }, target);
    await given('c', ...(race.given ?? []));
  }
  const shelves = new Map([
    [MAIN, main],
    [COPY, copy],
  ]);
  const files = filesOf(race);
  const { now } = open;
  return {
    log: now,
    reads: guardsOf(() => now.book),
    keys: {
      shelves,
      of: (process) => ({
        shelves,
        masterKeys: masters(...(files[process] ?? BOTH)),
        drawnBy: race.drawAlike ? 'all' : `process ${process}`,
      }),
    },
  };
}
