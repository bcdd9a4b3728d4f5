import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { largest, sized, type Bench, type Group } from '../context';
import { ROOT, type DataFolder } from '../data';
import { ACCOUNT } from '../population/events';
import { rolebook, startRolebook } from '../processes';
import type { Figure } from '../report/figure';
import { median, percentile } from '../stats';

/** The console in a real browser, on the largest account: its first view beside a static copy, and what its lists cost. */

/** Figures of the browser, as `bench/browser/measure.mjs` prints it. */
interface Measured {
  readonly firstView: {
    readonly bytes: number;
    readonly console: readonly number[];
    readonly copy: readonly number[];
  };
  readonly lists: readonly {
    readonly what: string;
    readonly rows: number;
    readonly shifts: number;
    /** CPU time of each frame, in milliseconds. */
    readonly frames: readonly number[];
  }[];
}

export const consoleViews: Group = async (bench) => {
  const folder = await bench.data.folder(largest(bench));
  const server = await startRolebook(folder.directory);
  try {
    const words = ['console', 'link', 'admin@example.com', '--account', ACCOUNT];
    const link = (await rolebook(words, { ROLEBOOK_DATA_DIR: folder.directory })).trim();
    return figuresOf(await measure(bench, folder, link), folder);
  } finally {
    await server.stop();
  }
};

async function measure({ rounds }: Bench, { plan }: DataFolder, link: string): Promise<Measured> {
  const users = `/roles/${plan.large.id}?tab=users`;
  const views = [
    { what: 'list of roles', at: '/roles?tab=custom' },
    { what: 'list of users', at: '/users' },
    { what: 'users of a large role', at: users },
    { what: 'panel of all users', at: users, opens: 'Select users' },
    { what: 'audit log', at: '/audit' },
  ];
  const asked = JSON.stringify({ link, firstView: '/roles?tab=custom', views, rounds });
  const child = spawn(process.execPath, [path.join(ROOT, 'bench', 'browser', 'measure.mjs'), asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The browser measured nothing: ${code}.`);
  return JSON.parse(printed) as Measured;
}

function figuresOf(
  { firstView, lists }: Measured,
  { plan: { shape } }: DataFolder,
): readonly Omit<Figure, 'group'>[] {
  const size = `${sized(shape.users)} users, ${sized(shape.roles)} roles`;
  const copy = `a static page of the same ${Math.round(firstView.bytes / 1_000)} kB`;
  return [
    {
      what: `first view of the console, ${size}`,
      value: median(firstView.console),
      unit: 'ms',
      against: { what: copy, value: median(firstView.copy), unit: 'ms' },
      wanted: { of: 'ratio', atMost: 2 },
    },
    ...lists.flatMap(({ what, rows, shifts, frames }): Omit<Figure, 'group'>[] => [
      {
        what: `${what} in the browser, rows in the document, ${size}`,
        value: rows,
        unit: 'rows',
        wanted: { of: 'value', atMost: 60 },
      },
      {
        what: `${what}, shifts of the layout until it is scrolled to its end`,
        value: shifts,
        unit: 'shifts',
        wanted: { of: 'value', atMost: 0 },
      },
      {
        what: `${what}, CPU of a frame while it is scrolled, p99`,
        value: percentile(frames, 0.99),
        unit: 'ms',
        wanted: { of: 'value', atMost: 16 },
      },
      { what: `${what}, CPU of the longest frame`, value: Math.max(...frames), unit: 'ms' },
    ]),
  ];
}
