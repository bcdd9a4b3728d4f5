import { progress } from '../src/cli/progress';
import type { Data, DataFolder } from './data';
import { startHello, startRolebook, type Hello, type RunningServer } from './processes';
import type { Figure } from './report/figure';

/** Context of a group of figures. */
export interface Bench {
  readonly data: Data;
  readonly quick: boolean;
  /** Numbers of users, ascending. */
  readonly sizes: readonly number[];
  /** Number of rounds; each measures every thing and what it is compared to, in turns. */
  readonly rounds: number;
}

/** Figures that belong together and share what it takes to measure them. */
export type Group = (bench: Bench) => Promise<readonly Omit<Figure, 'group'>[]>;

/** `1M`, `100k`, `1k`: how sizes are named. */
export const sized = (n: number): string =>
  n >= 1_000_000 ? `${n / 1_000_000}M` : n >= 1_000 ? `${n / 1_000}k` : String(n);

export const smallest = ({ sizes }: Bench): number => sizes[0]!;
export const largest = ({ sizes }: Bench): number => sizes.at(-1)!;

/** The folders of all sizes, one made after the other. */
export async function allFolders({ data, sizes }: Bench): Promise<DataFolder[]> {
  const folders: DataFolder[] = [];
  for (const users of sizes) folders.push(await data.folder(users));
  return folders;
}

export interface Served {
  readonly folder: DataFolder;
  readonly server: RunningServer;
}

/** Servers on folders, and the yardsticks beside them, for as long as they are used. */
export async function withServers<T>(
  folders: readonly DataFolder[],
  use: (served: readonly Served[], hello: Hello) => Promise<T>,
): Promise<T> {
  const started: { stop(): Promise<void> }[] = [];
  try {
    const hello = await startHello();
    started.push(hello);
    const served: Served[] = [];
    for (const folder of folders) {
      const server = await startRolebook(folder.directory);
      started.push(server);
      served.push({ folder, server });
    }
    return await use(served, hello);
  } finally {
    for (const process of started) await process.stop();
  }
}

/**
 * Measures everything once to warm up, then so many times in turns, so that a change of the machine's mood falls on all
 * alike. Results by subject.
 */
export async function inTurns<T>(
  what: string,
  rounds: number,
  subjects: readonly { readonly measure: () => Promise<T> | T }[],
): Promise<T[][]> {
  const results = subjects.map((): T[] => []);
  const shown = progress(`Measuring ${what}`);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { measure }] of subjects.entries()) {
      const result = await measure();
      if (round > 0) results[index]!.push(result);
      shown.update(round * subjects.length + index + 1, (rounds + 1) * subjects.length);
    }
  }
  shown.finish();
  return results;
}
