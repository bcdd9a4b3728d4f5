import { lastEdits } from '../../tables/roles';
import type { AsOfContext } from '../as-of-context';

/** Permissions that the catalogue took up after the last edit of custom roles, by id of the role, in catalogue order. */
export function publishedSinceEdit(
  reading: AsOfContext,
  ids: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const { catalogue, takenUp } = reading.snapshot;
  const living = [...reading.roles(ids).values()].flatMap(({ id, n, fact, ended }) =>
    fact && ended === null && n !== null ? [{ id, n }] : [],
  );
  const edits = lastEdits(
    reading,
    living.map(({ n }) => n),
  );
  const present = catalogue.content.permissions.filter(({ retired }) => !retired);
  return new Map(
    living.map(({ id, n }) => [
      id,
      present.filter(({ key }) => takenUp.get(key)! > edits.get(n)!).map(({ key }) => key),
    ]),
  );
}
