import type { ChangeBasis } from '../../../src/commands/decision-reads';
import type { RoleNumber } from '../../numbers';
import { isChangedSince } from '../../tables/history';
import { roleNumbers } from '../../tables/roles';
import { userNumbers } from '../../tables/users';
import { MOST_CHANGES, type Pin } from '../../view';
import type { AsOfContext } from '../as-of-context';

/** Changes, since the basis of a preview, of what the preview rests on. */

const UNKNOWN_ROLE = -1 as RoleNumber;

/** `before`: the account at the basis, whose place in the log is `pin`. */
export function changedSince(
  reading: AsOfContext,
  before: AsOfContext,
  pin: Pin,
  { role, users, positions }: ChangeBasis,
): boolean {
  return (
    positions.some((position) => position > (pin.position ?? -1n)) ||
    before.snapshot !== reading.snapshot ||
    !isSameSet(before.features, reading.features) ||
    isChangedSince(reading, before.at, {
      role: roleNumbers(reading, [role]).get(role) ?? UNKNOWN_ROLE,
      users: userNumbers(reading, users).values(),
      most: MOST_CHANGES,
    })
  );
}

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((each) => other.has(each));
