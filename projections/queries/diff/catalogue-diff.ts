import { CATALOGUE_LISTS } from '../../../src/domain/catalogue/catalogue';
import { entryDiffs } from '../../../src/domain/catalogue/entry-diff';
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
      publications.set(`${list} ${key}`, changesOf(some, [from.at, reading.at]));
  }
  return diffs.map((diff) => ({ ...diff, publications: publications.get(`${diff.list} ${diff.key}`) ?? [] }));
}

/** Ordinals at which an entry began, ended or became another. Its place among its kind counts for nothing. */
function changesOf(
  definitions: readonly Definition[],
  [from, to]: readonly [from: Ordinal, to: Ordinal],
): readonly Ordinal[] {
  const inOrder = definitions.toSorted((a, b) => a.valid_from - b.valid_from);
  const found = new Set<Ordinal>();
  for (const [index, { json, valid_from, valid_to }] of inOrder.entries()) {
    const before = inOrder[index - 1];
    const goesOn = before?.valid_to === valid_from && before.json === json;
    if (valid_from > from && !goesOn) found.add(valid_from);
    if (valid_to <= to && inOrder[index + 1]?.valid_from !== valid_to) found.add(valid_to);
  }
  return [...found].sort((a, b) => a - b);
}
