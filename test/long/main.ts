import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { message, printTable } from '../../src/cli/output';
import { erasures } from './erasures/part';
import { killedFlood, steadyFlood } from './flood/parts';
import { malformed } from './malformed/part';
import type { Part, PartReport } from './part';
import { Random } from './random';
import { writeRecord } from './record';
import { randomTests, thoroughTests } from './suite';

/** `npm run test:long`: what takes minutes, at full counts or at a part of them. */

/** Further long tests are named here; each is a `Part` in a file or folder of its own. */
const PARTS: readonly (readonly [name: string, part: Part])[] = [
  ['flood', steadyFlood],
  ['kills', killedFlood],
  ['malformed', malformed],
  ['erasures', erasures],
  ['random', randomTests],
  ['thorough', thoroughTests],
];
const NAMES = PARTS.map(([name]) => name);

interface Options {
  readonly scale: number;
  readonly seed: number;
  readonly minutes: number;
  readonly only?: readonly string[];
  readonly record?: boolean;
}

const program = new Command('npm run test:long --')
  .description(
    'The long tests: floods of random requests, of malformed ones, kills, also of erasures and rotations, random tests at full counts. Ends with the sum.',
  )
  .option('--scale <factor>', 'part of the full counts, e.g. 0.1', positive, 1)
  .option('--seed <number>', 'what random choices follow from; left out: a new one', whole)
  .option('--minutes <minutes>', 'how long each flood goes on at least', positive, 0)
  .addOption(new Option('--only <names...>', 'only these parts').choices(NAMES))
  .option('--record', 'write the result to docs/figures/test-long.json, or that of `--only` to one beside it')
  .parse();

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0.');
  return value;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number of up to 9 digits.');
  return Number(text);
}

type Sum = NonNullable<PartReport['sum']>;

const NOTHING: Sum = { passed: 0, failed: 0, skipped: 0 };

function sumOf({ checks, sum = NOTHING }: PartReport): Sum {
  const passed = checks.filter(({ holds }) => holds === true).length;
  const skipped = checks.filter(({ holds }) => holds === null).length;
  const failed = checks.length - passed - skipped;
  return { passed: sum.passed + passed, failed: sum.failed + failed, skipped: sum.skipped + skipped };
}

const told = (holds: boolean | null): string => (holds === null ? 'not judged' : holds ? 'yes' : 'NO');

const rowsOf = (name: string, { checks, sum }: PartReport): string[][] => [
  ...checks.map(({ what, holds, found }) => [name, what, told(holds), found]),
  ...(sum ? [[name, 'tests', told(sum.failed === 0), `${sum.passed} passed, ${sum.failed} failed`]] : []),
];

/** A part that breaks off is one that failed. */
async function run(name: string, part: Part, { scale, seed, minutes }: Options): Promise<PartReport> {
  const say = (text: string): void => message(`${name}: ${text}`);
  try {
    return await part({ scale, seed, minutes, random: new Random(seed), say });
  } catch (error) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { checks: [{ what: 'it runs to its end', holds: false, found }], counts: {} };
  }
}

async function main({ seed = randomInt(1e9), ...options }: Options): Promise<number> {
  message(`Seed ${seed}, scale ${options.scale}`);
  const reports: (readonly [name: string, report: PartReport])[] = [];
  for (const [name, part] of PARTS) {
    if (options.only && !options.only.includes(name)) continue;
    message(`${name} ...`);
    const report = await run(name, part, { ...options, seed });
    reports.push([name, report]);
    // Printed part by part, so that a run that is stopped has said what it found.
    printTable(['part', 'what must hold', 'holds', 'found'], rowsOf(name, report), false);
  }
  const total = reports.reduce((all, [, report]) => {
    const { passed, failed, skipped } = sumOf(report);
    return { passed: all.passed + passed, failed: all.failed + failed, skipped: all.skipped + skipped };
  }, NOTHING);
  const { scale, record, only } = options;
  if (record) message(`Written to ${writeRecord({ seed, scale, reports, ...total }, only)}.`);
  process.stdout.write(`Seed ${seed}, scale ${scale}\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

void main(program.opts<Options>()).then((code) => process.exit(code));
