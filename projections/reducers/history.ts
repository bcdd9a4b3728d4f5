import type { ReadEvent } from '../../src/domain/events';
import { changesRole } from '../../src/domain/role/events';
import { isShown } from '../history-types';
import { ordinalFrom, type AccountNumber } from '../numbers';
import { publicationAt } from '../tables/catalogue';
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
    actor: { type: metadata.actorType, id: metadata.actorId, host: metadata.actorHost },
    role: (known && role !== undefined ? writing.role(account, role)?.n : undefined) ?? null,
    user: (known && user !== undefined ? writing.user(account, user) : undefined) ?? null,
    permission: permission ?? null,
    command: metadata.command,
    request: metadata.requestId,
    reason: metadata.reason ?? null,
    data: toldData(writing, logged),
  });
}

/**
 * Data as history tells it: of an identity without the subject, which history does not show; of a publication also the
 * version before it, null for the first one. Publications of before do not say which it was.
 */
function toldData({ sql }: TableWriter, { ordinal, event }: CheckedEvent): object {
  if (event.type === 'UserIdentityLinked') {
    const { subject: _subject, ...told } = event.data;
    return told;
  }
  if (event.type !== 'CataloguePublished') return event.data;
  const { previousVersion: recorded } = event.data;
  const before = recorded === undefined ? publicationAt(sql, ordinalFrom(ordinal, -1))?.version : recorded;
  return { ...event.data, before: before ?? null };
}

/** Bars that changed nothing are of a type that history shows, and still no history. */
const isHistory = (event: ReadEvent): boolean => isShown(event.type) && changesRole(event);
