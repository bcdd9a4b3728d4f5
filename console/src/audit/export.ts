import type { Client } from '@urql/core';
import { AuditLogDocument, type HistoryFilter, type HistoryLineFragment } from '../generated/graphql';
import { linesOf } from '../history/change-lines';
import { csv } from './csv';

/** Entries that the API gives at once. */
const PAGE = 200;

/** Entries of an export: more belong to the command line, which writes the log to a file. */
export const MOST = 10_000;

/** Entries that were read for an export. */
export interface Exported {
  readonly entries: readonly HistoryLineFragment[];
  /** True if there are older ones than an export takes. */
  readonly more: boolean;
}

/** Reads the newest entries that a filter lets through, page by page. @throws CombinedError */
export async function readAll(client: Client, filter: HistoryFilter): Promise<Exported> {
  const entries: HistoryLineFragment[] = [];
  let after: string | undefined;
  for (;;) {
    const variables = { filter, first: Math.min(PAGE, MOST - entries.length), after };
    const { data, error } = await client
      .query(AuditLogDocument, variables, { requestPolicy: 'network-only' })
      .toPromise();
    if (error) throw error;
    const history = data?.history;
    if (!history) return { entries, more: false };
    entries.push(...history.nodes);
    const { hasNextPage, endCursor } = history.pageInfo;
    if (!hasNextPage || entries.length >= MOST) return { entries, more: hasNextPage };
    after = endCursor ?? undefined;
  }
}

const HEAD = [
  'time',
  'type',
  'change',
  'before and after',
  'reason',
  'actor',
  'actor id',
  'role',
  'role id',
  'user',
  'user id',
  'id',
];

/** The entries as a table. `nameOf`: description of a permission by its key. */
export const auditCsv = (
  entries: readonly HistoryLineFragment[],
  nameOf: (permission: string) => string,
): string =>
  csv(
    HEAD,
    entries.map(({ id, at, type, summary, reason, actor, role, user, changes }) => [
      at,
      type,
      summary,
      linesOf(changes, nameOf)
        .map(({ mark, text }) => `${mark === 'removed' ? 'before' : 'after'}: ${text}`)
        .join('; '),
      reason ?? '',
      actor.name,
      actor.key,
      role?.name ?? '',
      role?.key ?? '',
      user?.name ?? '',
      user?.key ?? '',
      id,
    ]),
  );

/** Has the browser save a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
