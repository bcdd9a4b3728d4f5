import type { HistoryNumber } from '../../../src/shared/position-codec';
import { grouped } from '../../../src/shared/grouped';
import type { AccessCauses, AccessChange, UserAccessDiff } from '../../diff-rows';
import type { Ordinal, UserNumber } from '../../numbers';
import { featuresDuring } from '../../tables/accounts';
import { entriesDuring } from '../../tables/catalogue';
import { changesAbout } from '../../tables/catalogue-changes';
import { grantsDuring, scopesIn } from '../../tables/grants';
import { membershipsDuring } from '../../tables/memberships';
import { activityDuring, userNumbers } from '../../tables/users';
import type { Asking, AsOfContext } from '../as-of-context';
import {
  AccessTimeline,
  holds,
  type DefaultRoleInterval,
  type Facts,
  type GrantInterval,
  type MembershipInterval,
  type PermissionInterval,
  type Span,
} from './timeline';

/** Entries of history that made changes of access, found from the intervals of all that access follows from. */

/** `from`: the earlier moment. Users in the order asked. */
export async function accessCauses(
  asking: Asking,
  from: Ordinal,
  asked: readonly UserAccessDiff[],
): Promise<readonly AccessCauses[]> {
  const { reading, question } = asking;
  const span: Span = [from, reading.at];
  const numbers = await question.step(
    () =>
      userNumbers(
        reading,
        asked.map(({ user }) => user),
      ),
    ({ size }) => size,
  );
  const permissions = new Set(
    asked.flatMap(({ gained, lost }) => [...gained, ...lost].map(({ permission }) => permission)),
  );
  const facts = await factsOf(asking, from, new Set(numbers.values()), permissions);
  const found: AccessCauses[] = [];
  for (const { user, gained, lost } of asked) {
    const person = { n: numbers.get(user)!, facts, span };
    found.push({
      gained: await causesOf(asking, person, gained, true),
      lost: await causesOf(asking, person, lost, false),
    });
  }
  return found;
}

interface Person {
  readonly n: UserNumber;
  readonly facts: Facts;
  readonly span: Span;
}

async function causesOf(
  { reading, question }: Asking,
  { n, facts, span }: Person,
  changes: readonly AccessChange[],
  isGain: boolean,
): Promise<HistoryNumber[][]> {
  const events: [permission: string, ordinal: Ordinal][][] = [];
  for (const change of changes) {
    const { permission } = change;
    const timeline = new AccessTimeline(facts, span, n, permission);
    const ordinals = await question.step(
      () => timeline.causesOf(change, isGain),
      () => Math.ceil(timeline.work / 10),
    );
    events.push(ordinals.map((ordinal) => [permission, ordinal]));
  }
  const parts = await question.step(
    () => partsOf(reading, facts.memberships.get(n) ?? [], events.flat()),
    (found) => events.length + found.size,
  );
  return events.map((some) =>
    some.flatMap(([permission, ordinal]) =>
      (parts.get(`${ordinal} ${permission}`) ?? [0]).map((part) => ({ ordinal, part })),
    ),
  );
}

/** Entries of publications that tell of permissions, or of them in default roles that the user was in, by place. */
function partsOf(
  { sql }: AsOfContext,
  memberships: readonly MembershipInterval[],
  events: readonly (readonly [permission: string, ordinal: Ordinal])[],
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { n, part, permission, role } of changesAbout(sql, events)) {
    const isHeld = ({ id, ...interval }: MembershipInterval): boolean =>
      id === role && [n - 1, n].some((ordinal) => holds(ordinal)(interval));
    if (role !== null && !memberships.some(isHeld)) continue;
    const key = `${n} ${permission}`;
    found.set(key, [...(found.get(key) ?? []), part]);
  }
  return found;
}

async function factsOf(
  { reading, question }: Asking,
  from: Ordinal,
  users: ReadonlySet<UserNumber>,
  permissions: ReadonlySet<string>,
): Promise<Facts> {
  const rowsOf = ({ length }: readonly unknown[]): number => length;
  const active = await question.step(() => activityDuring(reading, from, users), rowsOf);
  const memberships = await question.step(() => membershipsDuring(reading, from, users), rowsOf);
  const custom = new Set(memberships.flatMap(({ role, custom: isCustom }) => (isCustom ? [role] : [])));
  const defaults = new Set(memberships.flatMap(({ id, custom: isCustom }) => (isCustom ? [] : [id])));
  const grants = await question.step(() => grantsDuring(reading, from, custom, permissions), rowsOf);
  const entries = await question.step(
    () => [
      ...entriesDuring(reading, from, 'permissions', permissions),
      ...entriesDuring(reading, from, 'defaultRoles', defaults),
    ],
    rowsOf,
  );
  const features = await question.step(() => featuresDuring(reading, from), rowsOf);
  const entriesOf = <Entry>(kind: string): Map<string, Entry[]> =>
    grouped(
      entries.filter((entry) => entry.kind === kind),
      ({ key }) => key,
      ({ json, valid_from, valid_to }) => ({ ...(JSON.parse(json) as Entry), valid_from, valid_to }),
    );
  const byRole = grouped(grants, ({ role }) => role);
  return {
    active: grouped(active, ({ n }) => n),
    memberships: grouped(memberships, ({ user }) => user),
    grants: new Map([...byRole].map(([role, some]) => [role, byPermission(some)])),
    permissions: entriesOf<PermissionInterval>('permissions'),
    defaultRoles: entriesOf<DefaultRoleInterval>('defaultRoles'),
    features: grouped(features, ({ key }) => key),
  };
}

const byPermission = (grants: ReturnType<typeof grantsDuring>): Map<string, GrantInterval[]> =>
  grouped(
    grants,
    ({ permission }) => permission,
    ({ scopes, ...interval }) => ({ ...interval, scopes: scopesIn(scopes) }),
  );
