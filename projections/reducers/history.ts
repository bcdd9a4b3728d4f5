import type { RolebookEvent } from '../../src/domain/events';
import { changesRole } from '../../src/domain/role/events';
import { isShown } from '../history-types';
import type { AccountNumber } from '../numbers';
import { addHistoryEntry } from '../tables/history';
import { EVERY_ACCOUNT } from '../tables/schema';
import type { TableWriter } from '../tables/table-writer';
import type { CheckedEvent } from './checked-event';

/** Adds an event to the visible history, if it changed something. */
export function addHistory(writing: TableWriter, logged: CheckedEvent, account: AccountNumber): void {
  const { ordinal, event, metadata, at } = logged;
  if (!isHistory(event)) return;
  const { role, user, permission } = event.data as { role?: string; user?: string; permission?: string };
  const known = account !== EVERY_ACCOUNT;
  addHistoryEntry(writing, {
    n: ordinal,
    account,
    type: event.type,
    at,
    actor: { type: metadata.actorType, id: metadata.actorId },
    role: (known && role !== undefined ? writing.role(account, role)?.n : undefined) ?? null,
    user: (known && user !== undefined ? writing.user(account, user) : undefined) ?? null,
    permission: permission ?? null,
    command: metadata.command,
    request: metadata.requestId,
    reason: metadata.reason ?? null,
    data: event.data,
  });
}

/** Bars that changed nothing have a type that history shows, but are not history. */
const isHistory = (event: RolebookEvent): boolean => isShown(event.type) && changesRole(event);
