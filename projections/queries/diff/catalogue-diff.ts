import { CATALOGUE_LISTS, type CatalogueList } from '../../../src/domain/catalogue/catalogue';
import { entryDiffs, isSameEntry, type CatalogueEntry } from '../../../src/domain/catalogue/entry-diff';
import { grouped } from '../../../src/shared/grouped';
import type { CatalogueDiffRow } from '../../diff-rows';
import type { Ordinal } from '../../numbers';
import { entriesDuring } from '../../tables/catalogue';
import type { Asking, AsOfContext } from '../as-of-context';

/** Differences between the catalogues of two moments, and the publications that made them. */

type Definition = ReturnType<typeof entriesDuring>[number];

/** `from`: the account at the earlier moment. */
export async function catalogueDiff(
  { reading, question }: Asking,
  from: AsOfContext,
): Promise<readonly CatalogueDiffRow[]> {
  if (from.snapshot === reading.snapshot) return [];
  const diffs = await question.step(
    () => entryDiffs(from.snapshot.catalogue.content, reading.snapshot.catalogue.content),
    ({ length }) => length,
  );
  const publications = new Map<string, readonly Ordinal[]>();
  for (const list of CATALOGUE_LISTS) {
    const keys = diffs.filter((diff) => diff.list === list).map(({ key }) => key);
    if (keys.length === 0) continue;
    const definitions = await question.step(
      () => entriesDuring(reading, from.at, list, keys),
      ({ length }) => length,
    );
    for (const [key, some] of grouped(definitions, ({ key: of }) => of))
      publications.set(`${list} ${key}`, changesOf(list, some, [from.at, reading.at]));
  }
  return diffs.map((diff) => ({ ...diff, publications: publications.get(`${diff.list} ${diff.key}`) ?? [] }));
}

/** Ordinals at which an entry came, went or became another. Its place among its kind counts for nothing. */
function changesOf(
  list: CatalogueList,
  definitions: readonly Definition[],
  [from, to]: readonly [from: Ordinal, to: Ordinal],
): readonly Ordinal[] {
  const parsed = definitions.map((each) => ({ ...each, entry: JSON.parse(each.json) as CatalogueEntry }));
  const begun = new Map(parsed.map(({ valid_from, entry }) => [valid_from, entry]));
  const ended = new Map(parsed.map(({ valid_to, entry }) => [valid_to, entry]));
  return [...new Set([...begun.keys(), ...ended.keys()])]
    .filter((at) => at > from && at <= to && !isSameEntry(list, ended.get(at), begun.get(at)))
    .sort((a, b) => a - b);
}
