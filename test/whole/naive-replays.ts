import type { Replayed, View } from '../../projections/view';
import { grouped } from '../../src/shared/grouped';
import { edgesOf } from '../projections/paging';
import type { NaiveEntry } from './naive-history';
import type { NaiveAccount } from './naive-model';

/** Replays of roles, as the whole log has them: their changes, oldest first. */

/** Roles that are replayed. */
const ROLES = 4;

export async function compareReplays({
  view,
  naive,
}: {
  readonly view: View;
  readonly naive: NaiveAccount;
}): Promise<void> {
  const wanted = ['account-admin', 'agent-for-conversations', ...naive.custom.keys()].slice(0, ROLES);
  for (const role of wanted)
    await compareReplay(
      view,
      { role },
      naive.history.filter((entry) => entry.role === role),
    );
}

async function compareReplay(view: View, of: Replayed, entries: readonly NaiveEntry[]): Promise<void> {
  const changes = grouped(entries, ({ append }) => append);
  const steps = (await edgesOf(7, (page) => view.replay(of, page))).map(({ item }) => item);
  // Entries of one event share its id.
  expect(steps.map(({ entry }) => entry.eventId)).toEqual(
    [...changes.values()].map(([first]) => first!.event),
  );
  for (const { change, entry } of steps) {
    expect(entry.ordinal).toBeGreaterThanOrEqual(change.first);
    expect(entry.ordinal).toBeLessThanOrEqual(change.last);
  }
  const { items } = await view.replay(of, { last: 5 });
  expect(items.map(({ item }) => item)).toEqual(steps.slice(-5));
}
