import type { HistoryFilter } from '../generated/graphql';
import { placeIn, textIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';
import { KIND_NAMES, KINDS, type Kind } from './kinds';

/** State of the audit log that the address holds: its filters, and the page. */
export interface AuditSearch extends Partial<Place> {
  readonly kind?: Kind;
  readonly actor?: string;
  readonly role?: string;
  readonly user?: string;
  readonly permission?: string;
  /** Days in UTC, both included. */
  readonly from?: string;
  readonly to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function day(value: unknown): string | undefined {
  const name = textIn(value);
  return name !== undefined && DAY.test(name) && !Number.isNaN(Date.parse(name)) ? name : undefined;
}

/** State of the log that an address asks for; what it does not know is left out. */
export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  return {
    kind: KIND_NAMES.find((kind) => kind === raw.kind),
    actor: textIn(raw.actor),
    role: textIn(raw.role),
    user: textIn(raw.user),
    permission: textIn(raw.permission),
    from: day(raw.from),
    to: day(raw.to),
    ...placeIn(raw),
  };
}

/** Filter that the API is asked with. As of the past, the log ends there. */
export function filterOf(search: AuditSearch, asOf: string | undefined): HistoryFilter {
  const { kind, actor, role, user, permission, from, to } = search;
  const end = to && `${to}T23:59:59.999Z`;
  return {
    types: kind && KINDS[kind],
    actor,
    role,
    user,
    permission,
    since: from && `${from}T00:00:00.000Z`,
    until: end && asOf ? (end < asOf ? end : asOf) : (end ?? asOf),
  };
}

/** True if anything is filtered. */
export const isFiltered = ({ kind, actor, role, user, permission, from, to }: AuditSearch): boolean =>
  [kind, actor, role, user, permission, from, to].some((value) => value !== undefined);
