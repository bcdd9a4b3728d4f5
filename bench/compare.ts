import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { markdownTable } from '../src/cli/markdown';
import { medianRatios } from './report/median-ratios';
import type { Result } from './report/result';

/**
 * `npm run bench:compare`: results of interleaved runs of two versions, old and new by turns, as the median ratio of each
 * figure. Each version is run in a checkout of its own; the files are those that `npm run bench` writes.
 */

const program = new Command('npm run bench:compare --')
  .description('Compares results of interleaved runs of two versions; prints a table in Markdown.')
  .requiredOption('--old <files...>', 'results of the old version')
  .requiredOption('--new <files...>', 'results of the new version')
  .option('--within <share>', 'largest difference of the medians that counts as none', Number, 0.05)
  .parse();

const options = program.opts<{ old: string[]; new: string[]; within: number }>();
const read = (file: string): Result => JSON.parse(readFileSync(file, 'utf8')) as Result;
const figures = medianRatios(options.old.map(read), options.new.map(read), options.within);
const number = (value: number): string => value.toPrecision(3);
const rows = figures.map(({ what, before, after, ratio, spread: [least, most], verdict }) => [
  what,
  number(before),
  number(after),
  ratio.toFixed(2),
  `${number(least)} to ${number(most)}`,
  verdict,
]);
console.log(markdownTable(['figure', 'old', 'new', 'ratio', 'old runs', 'verdict'], rows));
console.log(`\n${figures.length} figures of ${options.old.length} old and ${options.new.length} new runs:`);
for (const verdict of ['within', 'better', 'worse'] as const)
  console.log(`${figures.filter((figure) => figure.verdict === verdict).length} ${verdict}`);
