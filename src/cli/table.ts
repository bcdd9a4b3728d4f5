import Table from 'cli-table3';

/** Tables of a width, for people: long texts are wrapped, and nothing is cut off. */

/** Columns of a table where nobody's terminal is known. */
export const WIDTH = 80;
/** Blanks beside a text in its cell. */
export const PADDING = 2;

/** Widths of columns with their borders in a number of columns: `null` shares what the others leave. */
export function widthsOf(columns: readonly (number | null)[], width = WIDTH): number[] {
  const taken = columns.reduce<number>((sum, each) => sum + (each ?? 0), columns.length + 1);
  const open = columns.filter((each) => each === null).length;
  return columns.map((each) => each ?? Math.floor((width - taken) / open));
}

/** A table with its head. */
export function tableOf(
  head: readonly string[],
  widths: readonly number[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    head: [...head],
    colWidths: [...widths],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => row.map((text, index) => broken(text, widths[index]! - PADDING))));
  return table.toString();
}

/** The text with words that are longer than a line broken: a table would cut them off. */
export const broken = (text: string, width: number): string =>
  text.replace(/\S+/gu, (word) => {
    const units = [...word];
    if (units.length <= width) return word;
    const lines: string[] = [];
    for (let from = 0; from < units.length; from += width)
      lines.push(units.slice(from, from + width).join(''));
    return lines.join('\n');
  });
