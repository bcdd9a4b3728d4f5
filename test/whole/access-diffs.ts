import type { AccessCauses, Ordinal, UserAccessDiff, View } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import type { HistoryNumber } from '../../src/shared/position-codec';
import { everyPage } from '../projections/paging';
import { NaiveAccount } from './naive-model';

/** Gains and losses of users between two moments, and the events that made it, as a replay event by event has it. */

/** A moment as the tables have it, and as the naive model has. */
interface Side {
  readonly view: View;
  readonly naive: NaiveAccount;
}

/** Types of the events that were causes. */
export const causes = new Set<string>();

/** Changes that are replayed at most, for one comparison. */
const REPLAYED = 20;

export async function compareAccess(
  account: string,
  log: readonly RecordedEvent[],
  [then, now]: readonly [Side, Side],
): Promise<void> {
  const from = then.view.pin.ordinal;
  const filter = { from, among: null };
  const expected = [...now.naive.users.keys()].flatMap((user) => naiveDiff(user, then.naive, now.naive));
  const found = await everyPage(2, (page) => now.view.accessDiffs(filter, page));
  expect(found.map(plain)).toEqual(expected.map(plain));
  expect(await now.view.countAccessDiffs(filter)).toEqual({
    users: expected.length,
    gaining: expected.filter(({ gained }) => gained.length > 0).length,
    losing: expected.filter(({ lost }) => lost.length > 0).length,
  });
  await compareFilters([then, now], expected);
  await comparePermission(now, from, expected);
  await compareCauses(account, log, [then, now], found);
}

/** Differences of one permission, as far as there are any. */
async function comparePermission(
  { view }: Side,
  from: Ordinal,
  expected: readonly UserAccessDiff[],
): Promise<void> {
  const permission = expected.flatMap(({ gained, lost }) => [...gained, ...lost])[0]?.permission;
  if (permission === undefined) return;
  const found = await everyPage(2, (page) => view.accessDiffs({ from, among: null, permission }, page));
  const only = (changes: UserAccessDiff['gained']) =>
    changes.filter((each) => each.permission === permission);
  const wanted = expected
    .map(({ user, gained, lost }) => ({ user, gained: only(gained), lost: only(lost) }))
    .filter(({ gained, lost }) => gained.length + lost.length > 0);
  expect(found.map(plain)).toEqual(wanted.map(plain));
}

async function compareFilters([then, now]: readonly [Side, Side], expected: readonly UserAccessDiff[]) {
  const from = then.view.pin.ordinal;
  for (const user of [...now.naive.users.keys()].slice(0, 3)) {
    const { items } = await now.view.accessDiffs({ from, among: { user } }, { first: 9 });
    expect(items.map(({ item }) => plain(item))).toEqual(
      expected.filter((diff) => diff.user === user).map(plain),
    );
  }
  for (const role of ['agent-for-conversations', ...now.naive.custom.keys()].slice(0, 4)) {
    const was = [then, now].map(({ naive }) => naive.custom.get(role) ?? naive.defaults.get(role));
    const isIn = (user: string): boolean =>
      was.some((each) => each?.deleted === false && each.members.has(user));
    const found = await everyPage(2, (page) => now.view.accessDiffs({ from, among: { role } }, page));
    expect(found.map(plain)).toEqual(expected.filter(({ user }) => isIn(user)).map(plain));
  }
}

/** Scopes and changes in alphabetical order. */
const plain = ({ user, gained, lost }: UserAccessDiff): unknown => [
  user,
  ...[gained, lost].map((changes) =>
    changes.map(({ permission, scopes }) => `${permission} [${[...scopes].sort().join()}]`).sort(),
  ),
];

function naiveDiff(user: string, then: NaiveAccount, now: NaiveAccount): UserAccessDiff[] {
  const beyond = (one: NaiveAccount, other: NaiveAccount): UserAccessDiff['gained'] =>
    [...now.catalogue.permissions.keys()].flatMap((permission) => {
      const [scopes, others] = [one.held(user, permission), other.held(user, permission)];
      if (!scopes) return [];
      const more = scopes.filter((scope) => !others?.includes(scope));
      return others && more.length === 0 ? [] : [{ permission, scopes: more }];
    });
  const [gained, lost] = [beyond(now, then), beyond(then, now)];
  return gained.length + lost.length === 0 ? [] : [{ user, gained, lost }];
}

interface Part {
  readonly user: string;
  readonly permission: string;
  /** Null for the permission itself. */
  readonly scope: string | null;
  readonly isGain: boolean;
}

/** A change of one permission of a user, and the entries that are told as its causes. */
interface Change {
  readonly parts: readonly Part[];
  readonly told: readonly HistoryNumber[];
}

/** Changes to replay, from all over the list. */
function changesOf(
  diffs: readonly UserAccessDiff[],
  told: readonly AccessCauses[],
  [then, now]: readonly [Side, Side],
): Change[] {
  const all = diffs.flatMap(({ user, ...diff }, index) =>
    (['gained', 'lost'] as const).flatMap((side) => {
      const isGain = side === 'gained';
      const other = isGain ? then : now;
      expect(told[index]![side]).toHaveLength(diff[side].length);
      return diff[side].map(({ permission, scopes }, place): Change => {
        const parts = other.naive.held(user, permission) ? scopes : [null, ...scopes];
        return {
          parts: parts.map((scope) => ({ user, permission, scope, isGain })),
          told: told[index]![side][place]!,
        };
      });
    }),
  );
  const step = Math.ceil(all.length / REPLAYED);
  return all.filter((_, index) => index % step === 0);
}

const isHeld = (naive: NaiveAccount, { user, permission, scope }: Part): boolean => {
  const held = naive.held(user, permission);
  return held !== null && (scope === null || held.includes(scope));
};

async function compareCauses(
  account: string,
  log: readonly RecordedEvent[],
  sides: readonly [Side, Side],
  diffs: readonly UserAccessDiff[],
): Promise<void> {
  const [then, now] = sides;
  const found = await now.view.accessCauses(then.view.pin.ordinal, diffs);
  const changes = changesOf(diffs, found, sides);
  const last = replayed(
    account,
    log,
    sides,
    changes.flatMap(({ parts }) => parts),
  );
  for (const { parts, told } of changes) {
    const rows = now.view.historyEntries(told).map((row) => row!);
    expect([parts, new Set(rows.map(({ eventId }) => eventId))]).toEqual([
      parts,
      new Set(parts.map((part) => last.get(part))),
    ]);
    for (const { type } of rows) causes.add(type);
  }
}

/** The last event, by part, that gave it (or took it). */
function replayed(
  account: string,
  log: readonly RecordedEvent[],
  [then, now]: readonly [Side, Side],
  parts: readonly Part[],
): ReadonlyMap<Part, string> {
  const [from, to] = [then, now].map(({ view }) => view.pin.position!);
  const naive = new NaiveAccount(
    log.filter(({ position }) => position <= from!),
    account,
  );
  const last = new Map<Part, string>();
  const held = new Map(parts.map((part) => [part, isHeld(naive, part)]));
  for (const event of log) {
    const concerns = event.metadata.account === account || event.type === 'CataloguePublished';
    if (event.position <= from! || event.position > to!) continue;
    naive.advance(event, account);
    if (!concerns) continue;
    for (const part of parts) {
      const isNow = isHeld(naive, part);
      if (isNow !== held.get(part) && isNow === part.isGain) last.set(part, event.id);
      held.set(part, isNow);
    }
  }
  return last;
}
