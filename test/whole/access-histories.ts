import type { AccessHistoryFilter, Ordinal, UserAccessChange, View } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { everyPage } from '../projections/paging';
import { NaiveAccount } from './naive-model';

/** Gains and losses of users along a history, as a replay append by append has them. */

/** Access of a user that an append changed: `permission [scopes]`, in alphabetical order. */
interface NaiveChange {
  readonly user: string;
  /** Position of the last event of the append. */
  readonly position: bigint;
  readonly at: number;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

interface Asked {
  readonly user: string | null;
  readonly permission: string | null;
}

/** Number of changes that were compared. */
export const compared = { changes: 0 };

type ViewAt = (ordinal: Ordinal) => View;

/** Histories of some users and some permissions. `log`: to the end of what the view shows. */
export async function compareAccessHistories(
  account: string,
  log: readonly RecordedEvent[],
  { view, viewAt }: { readonly view: View; readonly viewAt: ViewAt },
  asked: readonly Asked[],
): Promise<void> {
  for (const { user, permission } of asked) {
    const filter = { user, permission };
    const expected = naiveChanges(account, log, filter);
    compared.changes += expected.length;
    const found = await everyPage(3, (page) => view.accessHistory(filter, page));
    expect(found.map(plain)).toEqual(expected.map(naivePlain));
    expect(await view.countAccessHistory(filter)).toBe(expected.length);
    await compareSpan(view, filter, found, expected);
    await compareCauses(viewAt, found.slice(0, 10));
  }
}

/** The middle of a history, by time. */
async function compareSpan(
  view: View,
  filter: AccessHistoryFilter,
  found: readonly UserAccessChange[],
  expected: readonly NaiveChange[],
): Promise<void> {
  const [until, since] = [1, 2].map((third) => expected[Math.floor((expected.length * third) / 3)]?.at);
  if (since === undefined || until === undefined) return;
  const span = { ...filter, since: new Date(since), until: new Date(until) };
  const wanted = expected.filter(({ at }) => at >= since && at <= until);
  const some = await everyPage(4, (page) => view.accessHistory(span, page));
  expect(some.map(plain)).toEqual(wanted.map(naivePlain));
  expect(some).toEqual(found.filter((_, index) => wanted.includes(expected[index]!)));
}

/** Each gain and loss has a cause, and all causes are of its append. */
async function compareCauses(viewAt: ViewAt, found: readonly UserAccessChange[]): Promise<void> {
  for (const change of found) {
    const { append } = change;
    const view = viewAt(append.last);
    const [causes] = await view.accessCauses((append.first - 1) as Ordinal, [change]);
    expect(causes!.gained).toHaveLength(change.gained.length);
    expect(causes!.lost).toHaveLength(change.lost.length);
    for (const told of [...causes!.gained, ...causes!.lost]) {
      expect(told.length).toBeGreaterThan(0);
      for (const { ordinal } of told) {
        expect(ordinal).toBeGreaterThanOrEqual(append.first);
        expect(ordinal).toBeLessThanOrEqual(append.last);
      }
    }
    expect(view.historyEntries([{ ordinal: change.entry, part: 0 }])[0]).not.toBeNull();
  }
}

const words = (changes: UserAccessChange['gained']): string[] =>
  changes.map(({ permission, scopes }) => `${permission} [${[...scopes].sort().join()}]`).sort();
const plain = ({ user, gained, lost }: UserAccessChange): unknown => [user, words(gained), words(lost)];
const naivePlain = ({ user, gained, lost }: NaiveChange): unknown => [user, gained, lost];

/** Newest first, those of one append in order of registration. */
function naiveChanges(account: string, log: readonly RecordedEvent[], asked: Asked): NaiveChange[] {
  const naive = new NaiveAccount([], account);
  const found: NaiveChange[][] = [];
  let known: Map<string, Held> = new Map();
  let at = 0;
  for (const event of log) {
    at = Math.max(at, Date.parse(String(event.metadata['recordedAt'])));
    const concerns = event.metadata.account === account || event.type === 'CataloguePublished';
    naive.advance(event, account);
    if (event.metadata.part !== event.metadata.parts || !concerns) continue;
    const users = asked.user === null ? [...naive.users.keys()] : [asked.user];
    const now = new Map(users.map((user) => [user, heldBy(naive, user, asked.permission)]));
    found.unshift(
      users.flatMap((user): NaiveChange[] => {
        const [was, is] = [known.get(user) ?? NOTHING, now.get(user)!];
        const [gained, lost] = [beyond(is, was), beyond(was, is)];
        if (gained.length + lost.length === 0) return [];
        return [{ user, position: event.position, at, gained, lost }];
      }),
    );
    known = now;
  }
  return found.flat();
}

type Held = ReadonlyMap<string, readonly string[]>;
const NOTHING: Held = new Map();

function heldBy(naive: NaiveAccount, user: string, permission: string | null): Held {
  const keys = permission === null ? [...naive.catalogue.permissions.keys()] : [permission];
  return new Map(
    keys.flatMap((key): [string, string[]][] => {
      const scopes = naive.held(user, key);
      return scopes ? [[key, scopes]] : [];
    }),
  );
}

const beyond = (one: Held, other: Held): string[] =>
  [...one]
    .flatMap(([permission, scopes]) => {
      const others = other.get(permission);
      const more = scopes.filter((scope) => !others?.includes(scope));
      return others && more.length === 0 ? [] : [`${permission} [${more.sort().join()}]`];
    })
    .sort();
