import { momentOf } from '../past/moment';
import { placeIn, textIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';

/** Things that are compared: what everybody may do, a role, two roles, a user. */
export const SUBJECTS = ['account', 'role', 'roles', 'user'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Days back where nobody said from when to compare. */
const DEFAULT_DAYS = 30;

/**
 * State of a comparison that the address holds. The later moment is the one that every page of the console shows (`asOf`; left
 * out: now), `from` the earlier one. Two roles are compared at one moment, the later one.
 */
export interface CompareSearch extends Partial<Place> {
  readonly what?: Exclude<Subject, 'account'>;
  readonly roleId?: string;
  readonly otherRoleId?: string;
  readonly userId?: string;
  /** Key of the permission that differences of the account are narrowed to. */
  readonly permission?: string;
  /** In the words of whoever wrote the address, as `asOf`. */
  readonly from?: string;
}

/** State of a comparison that an address asks for; what it does not know is left out. */
export function compareSearch(raw: Record<string, unknown>): CompareSearch {
  const what = SUBJECTS.find(
    (one): one is Exclude<Subject, 'account'> => one === raw.what && one !== 'account',
  );
  return {
    what,
    roleId: textIn(raw.roleId),
    otherRoleId: textIn(raw.otherRoleId),
    userId: textIn(raw.userId),
    permission: textIn(raw.permission),
    // An address that names no earlier moment gets one, so that it shows the same to whoever it is sent to.
    from: what === 'roles' ? undefined : (textIn(raw.from) ?? daysBefore(laterIn(raw), DEFAULT_DAYS)),
    ...placeIn(raw),
  };
}

function laterIn({ asOf }: Record<string, unknown>): number {
  const moment = momentOf(textIn(asOf), Date.now());
  return moment.state === 'past' ? new Date(moment.at).getTime() : Date.now();
}

const DAY = 86_400_000;

/** Beginning of the UTC day so many days before a moment. */
export function daysBefore(moment: number, days: number): string {
  const day = new Date(moment - days * DAY);
  day.setUTCHours(0, 0, 0, 0);
  return day.toISOString();
}
