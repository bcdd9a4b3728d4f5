import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { replaceSection } from '../../src/cli/markdown';
import { held, ratioOf, type Figure } from './figure';
import { markdownFigures } from './table';

/** Result of a run: its figures, when and on what kind of machine they were taken. */
export interface Result {
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly system: string;
    readonly node: string;
  };
  readonly quick: boolean;
  readonly minutes: number;
  /** Notes for whoever reads the figures. */
  readonly notes: readonly string[];
  readonly figures: readonly (Figure & { readonly ratio: number | null; readonly held: boolean | null })[];
}

export function resultOf(
  figures: readonly Figure[],
  run: { readonly quick: boolean; readonly minutes: number; readonly notes: readonly string[] },
): Result {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.cpus().length,
      memoryGB: Math.round(os.totalmem() / 2 ** 30),
      system: os.platform(),
      node: process.version,
    },
    ...run,
    figures: figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), held: held(figure) })),
  };
}

export function writeResult(directory: string, name: string, result: Result): string {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, name);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** File of a result: of one's own, for docs/figures.md, or under the name of a page of its own. */
export const resultFile = (date: string, name: string | null): string =>
  `${date}${name === null ? '' : `.${name}`}.json`;

/** The newest result under a name; null: of those for docs/figures.md. */
export function referenceResult(directory: string, name: string | null = null): Result {
  const dated = readdirSync(directory).filter((file) => file === resultFile(file.slice(0, DATE), name));
  const newest = dated.sort().at(-1);
  if (newest === undefined) throw new Error(`There is no reference result${name ? ` “${name}”` : ''}.`);
  return JSON.parse(readFileSync(path.join(directory, newest), 'utf8')) as Result;
}

/** A result with the figures of an earlier one, of groups that this one did not take. */
export function completed(result: Result, earlier: Result | null): Result {
  const taken = new Set(result.figures.map(({ group }) => group));
  const others = earlier?.figures.filter(({ group }) => !taken.has(group)) ?? [];
  const notes = [...(earlier?.notes ?? []), ...result.notes];
  return { ...result, notes: [...new Set(notes)], figures: [...others, ...result.figures] };
}

const DATE = '2026-01-01'.length;

/** Writes the ratios of a result into a page, between its markers. */
export function writeFigures(page: string, { date, machine, notes, figures }: Result): void {
  const { cores, memoryGB, processor, system, node } = machine;
  const where = `Taken ${date} on ${cores} cores (${processor}), ${memoryGB} GB, ${system}, Node ${node.slice(1)}.`;
  replaceSection(page, 'figures', [where, ...notes, '', markdownFigures(figures)].join('\n'));
}
