import type { CatalogueContent } from '../../../src/domain/catalogue/catalogue';
import type { PublicationPreview, RoleRow } from '../../view';
import { byName, type Asking } from '../as-of-context';
import { changedRoles } from '../diff/changed-roles';
import { countAccessDiffs, differingSince, listAccessDiffs } from '../diff/list';
import { roleRows } from '../role-list/rows';

/** A publication of the catalogue on top of what tables hold, for one account. Nothing is written. */
export function previewPublication(ask: () => Asking, content: CatalogueContent): PublicationPreview {
  const now = ask().reading;
  const published = now.published(content);
  const asking = (): Asking => ({ question: ask().question, reading: published });
  const effect = (): ReturnType<typeof differingSince> =>
    differingSince(asking(), now, { from: now.at, among: null });
  return {
    roles: () => rolesOf(asking(), now),
    affected: (page) => listAccessDiffs(asking(), effect(), page),
    countAffected: async () => (await countAccessDiffs(effect(), Infinity))!,
  };
}

/** Roles that are there before or after it, default ones first, as they are now. */
async function rolesOf(asking: Asking, now: Asking['reading']): Promise<readonly RoleRow[]> {
  const numbers = await changedRoles(asking, now, null);
  const sides = [now, asking.reading].map((reading) => reading.rolesBy([numbers], byName)[0]!);
  const ids = sides.flat().flatMap(({ id, ended }) => (ended === null ? [id] : []));
  const rows = roleRows(now, [...new Set(ids)]);
  return [...rows.values()];
}
