import { readFileSync, writeFileSync } from 'node:fs';

/** Sections of Markdown pages that follow from code or measurement: emitted, between comments that name them. */

/** Replaces the text between `<!-- name -->` and `<!-- /name -->` of a page; throws if there is no such section. */
export function replaceSection(page: string, name: string, text: string): void {
  const section = new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`);
  const before = readFileSync(page, 'utf8');
  if (!section.test(before)) throw new Error(`${page} has no section “${name}”.`);
  writeFileSync(
    page,
    before.replace(section, () => `<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->`),
  );
}

/** Renders a table that Prettier leaves alone: it would pad each column to its widest cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const [first, ...others] = [head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['<!-- prettier-ignore -->', first, `|${head.map(() => '---').join('|')}|`, ...others].join('\n');
}
