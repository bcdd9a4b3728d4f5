import Table from 'cli-table3';
import { markdownTable } from '../../src/cli/markdown';
import { held, ratioOf, type Figure, type Interval, type Measure, type Wanted } from './figure';

/** The one table, for a terminal and for docs/figures.md. */

export const COLUMNS = ['figure', 'measured', 'against', 'ratio', 'wanted', 'held'] as const;

export function rowOf(figure: Figure): string[] {
  const { what, against, wanted } = figure;
  const ratio = ratioOf(figure);
  const verdict = held(figure);
  return [
    what,
    `${amount(figure)}${figure.interval ? ` (${span(figure.interval)})` : ''}`,
    against ? `${against.what}: ${amount(against)}` : '',
    ratio === null ? '' : number(ratio),
    wanted ? bound(wanted, figure.unit) : '',
    verdict === null ? '' : verdict ? 'yes' : 'NO',
  ];
}

/** A table for the terminal, a group after the other. */
export function terminalTable(figures: readonly Figure[]): string {
  // No line between rows: there are many.
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new Table({ head: [...COLUMNS], chars, style: { head: [], border: [] } });
  for (const [group, members] of byGroup(figures)) {
    table.push([group.toUpperCase(), '', '', '', '', '']);
    for (const figure of members) table.push(rowOf(figure));
  }
  return table.toString();
}

/** The figures of which something is wanted, as ratios: these travel from machine to machine. */
export function markdownFigures(figures: readonly Figure[]): string {
  const rows = figures
    .filter(({ wanted }) => wanted)
    .map((figure) => {
      const [what, measured, , ratio, wanted, verdict] = rowOf(figure) as [string, ...string[]];
      return [what, figure.against?.what ?? '', ratio || measured, wanted, verdict] as string[];
    });
  return markdownTable(['figure', 'against', 'ratio', 'wanted', 'held'], rows);
}

function byGroup(figures: readonly Figure[]): Map<string, Figure[]> {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) groups.set(figure.group, [...(groups.get(figure.group) ?? []), figure]);
  return groups;
}

const amount = ({ value, unit }: Measure): string =>
  unit === '/s' ? `${number(value)}/s` : `${number(value)} ${unit}`;

const span = ([least, most]: Interval): string => `${number(least)} to ${number(most)}`;

function bound({ of, atLeast, atMost }: Wanted, unit: Figure['unit']): string {
  if (of === 'interval') return `holds 0, or ± ${number(atMost ?? 0)} ${unit}`;
  const sign = atLeast !== undefined ? '≥' : '≤';
  const limit = number(atLeast ?? atMost ?? 0);
  return of === 'ratio' ? `${sign} ${limit}` : `${sign} ${limit} ${unit}`;
}

/** Three digits say all that a measurement does. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return 'not taken';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
