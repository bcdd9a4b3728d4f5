import { readFileSync, writeFileSync } from 'node:fs';

/** What stands in the README but follows from code or measurement: it is emitted, between comments that name it. */

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function replaceSection(readme: string, name: string, text: string): void {
  const section = new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`);
  const before = readFileSync(readme, 'utf8');
  if (!section.test(before)) throw new Error(`The README has no section “${name}”.`);
  writeFileSync(
    readme,
    before.replace(section, () => `<!-- ${name} -->\n${text}\n<!-- /${name} -->`),
  );
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const [first, ...others] = [head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [first, `|${head.map(() => '---').join('|')}|`, ...others].join('\n');
}
