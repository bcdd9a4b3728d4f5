import { largest, sized, type Bench, type Group } from '../context';
import { rebuildSeconds, type DataFolder } from '../data';
import type { Figure } from '../report/figure';
import { median } from '../stats';
import { bareRows } from '../yardsticks/bare-rows';

/** Rate at which read models are built from the whole log, beside the same rows by bare statements. */

/** Larger logs are rebuilt once: they take minutes, in which the machine's moods even out. */
const SEVERAL_ROUNDS_UP_TO = 100_000;

export const rebuild: Group = async (bench) => {
  const figures: Omit<Figure, 'group'>[] = [];
  for (const users of bench.sizes.filter((size) => size >= 10_000)) {
    const folder = await bench.data.folder(users);
    const rounds = users > SEVERAL_ROUNDS_UP_TO ? 1 : Math.min(3, bench.rounds);
    const { ours, bare } = await compare(bench, folder, rounds);
    const events = `${sized(Math.round(folder.events / 1_000) * 1_000)} events`;
    figures.push({
      what: `rebuild, ${events} of ${sized(users)} users`,
      value: folder.events / ours,
      unit: '/s',
      against: { what: 'the same rows by bare statements', value: folder.events / bare, unit: '/s' },
      // A small log is read before its thread has warmed up.
      wanted: users === largest(bench) ? { of: 'ratio', atLeast: 0.5 } : undefined,
    });
  }
  return figures;
};

async function compare(
  { data }: Bench,
  folder: DataFolder,
  rounds: number,
): Promise<{ readonly ours: number; readonly bare: number }> {
  const ours = [folder.rebuildSeconds];
  const bare = [bareRows(folder.directory, data.newDirectory())];
  while (ours.length < rounds) {
    ours.push(await rebuildSeconds(folder, data.newDirectory()));
    bare.push(bareRows(folder.directory, data.newDirectory()));
  }
  return { ours: median(ours), bare: median(bare) };
}
