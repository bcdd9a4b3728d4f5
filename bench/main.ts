import 'reflect-metadata';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { message } from '../src/cli/output';
import type { Bench, Group } from './context';
import { Data, ROOT } from './data';
import { attacks } from './groups/attacks';
import { checksByAuthzen, checksInProcess, checksOverHttp } from './groups/checks';
import { cost } from './groups/cost';
import { manyDocuments } from './groups/documents';
import { foreignIds } from './groups/foreign-ids';
import { guardCost } from './groups/guard';
import { importing } from './groups/import';
import { largeRole } from './groups/large-role';
import { lists } from './groups/lists';
import { mutations } from './groups/mutations';
import { pastAndNow, roleScreens, userPages } from './groups/pages';
import { rebuild } from './groups/rebuild';
import { whileAsking, whileImporting, whileRebuilding } from './groups/responsiveness';
import { startToReady } from './groups/start';
import { validation } from './groups/validation';
import { killAll } from './processes';
import type { Figure } from './report/figure';
import {
  completed,
  referenceResult,
  resultFile,
  resultOf,
  writeFigures,
  writeResult,
  type Result,
} from './report/result';
import { terminalTable } from './report/table';

/** `npm run bench`: every figure of docs/figures.md, with the machine's own yardsticks, in one table. */

/** Groups that only read come first; those that change their data have folders of their own or come last. */
const GROUPS: readonly (readonly [name: string, group: Group])[] = [
  ['validation', validation],
  ['rebuild', rebuild],
  ['checks', checksInProcess],
  ['checks-http', checksOverHttp],
  ['checks-authzen', checksByAuthzen],
  ['role-screens', roleScreens],
  ['user-pages', userPages],
  ['as-of', pastAndNow],
  ['lists', lists],
  ['documents', manyDocuments],
  ['attacks', attacks],
  ['foreign-ids', foreignIds],
  ['guard', guardCost],
  ['start', startToReady],
  ['cost', cost],
  ['mutations', mutations],
  ['rebuilding', whileRebuilding],
  ['importing', whileImporting],
  ['responsiveness', whileAsking],
  ['import', importing],
  ['large-role', largeRole],
];
const RESULTS = path.join(ROOT, 'bench', 'results');
const NOTES = [
  'Servers and the load on them share the cores: each server has a process of its own, all clients are in one.',
];
/** Pages of docs/figures/ whose figures are taken by themselves. */
const PAGES = ['attackers'];
const SIZES = { quick: [1_000, 10_000], full: [1_000, 10_000, 100_000, 1_000_000] };

interface Options {
  readonly quick?: boolean;
  readonly only?: string[];
  readonly sizes?: number[];
  /** True: of docs/figures.md; else the name of a page of its own. */
  readonly reference?: boolean | string;
  readonly emit?: boolean;
}

const program = new Command('npm run bench --')
  .description(
    'Measures Rolebook beside this machine’s own yardsticks; prints one table and writes it as JSON.',
  )
  .option('--quick', 'a minute’s run, with up to 10,000 users')
  .addOption(new Option('--only <groups...>', 'only these groups').choices(GROUPS.map(([name]) => name)))
  .option('--sizes <users>', 'other numbers of users, e.g. 1000,100000', parseSizes)
  .addOption(
    new Option(
      '--reference [page]',
      'keep the result for docs/figures.md, or for that page of docs/figures/, not as one’s own (`.local.json`)',
    ).choices(PAGES),
  )
  .option('--emit', 'measure nothing: write the newest references into their pages')
  .parse();

function parseSizes(text: string): number[] {
  const sizes = text.split(',').map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 100))
    throw new InvalidArgumentError('Sizes are whole numbers from 100.');
  return sizes.sort((a, b) => a - b);
}

const loadAverage = (): string => (os.loadavg()[2] ?? NaN).toFixed(1);

const nameOf = (reference: Options['reference']): string | null =>
  reference === true ? null : reference || 'local';

const isOfPage = (reference: Options['reference']): reference is string => typeof reference === 'string';

/** The groups of a page may be taken one by one, on one day. */
function ofSameDay(page: string, date: string): Result | null {
  if (!existsSync(path.join(RESULTS, resultFile(date, page)))) return null;
  return referenceResult(RESULTS, page);
}

function emitPages(): void {
  const docs = path.join(ROOT, 'docs');
  writeFigures(path.join(docs, 'figures.md'), referenceResult(RESULTS));
  for (const page of PAGES)
    writeFigures(path.join(docs, 'figures', `${page}.md`), referenceResult(RESULTS, page));
}

async function main({ quick = false, only, sizes, reference, emit }: Options): Promise<void> {
  if (emit) return emitPages();
  const began = performance.now();
  const loadBefore = loadAverage();
  const data = new Data();
  const end = (code: number): never => {
    killAll();
    data.remove();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(1));
  const bench: Bench = {
    data,
    quick,
    sizes: sizes ?? SIZES[quick ? 'quick' : 'full'],
    rounds: quick ? 2 : 5,
  };
  try {
    const figures: Figure[] = [];
    const chosen = GROUPS.filter(([name]) => !only || only.includes(name));
    for (const [index, [name, group]] of chosen.entries()) {
      message(`${name} (${index + 1} of ${chosen.length})`);
      figures.push(...(await group(bench)).map((figure) => ({ group: name, ...figure })));
    }
    const minutes = Math.round((performance.now() - began) / 6_000) / 10;
    const busy = `Load average of the machine over 15 minutes, of the run of ${chosen.map(([name]) => name).join(', ')}: ${loadBefore} before, ${loadAverage()} after.`;
    const result = resultOf(figures, { quick, minutes, notes: [...NOTES, busy] });
    process.stdout.write(`${terminalTable(figures)}\n`);
    const whole = isOfPage(reference) ? completed(result, ofSameDay(reference, result.date)) : result;
    const file = writeResult(RESULTS, resultFile(result.date, nameOf(reference)), whole);
    message(`Written to ${path.relative(ROOT, file)} after ${minutes} minutes.`);
  } catch (error) {
    message(error instanceof Error ? (error.stack ?? error.message) : String(error));
    end(1);
  }
  end(0);
}

void main(program.opts<Options>());
