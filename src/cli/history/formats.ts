import type { HistoryRow } from '../../../projections/view';
import { changesOf, summaryOf } from '../../graphql/history/history-event.type';
import type { NamedEntry } from '../../operations/audit/history';
import { csvLine } from '../../operations/transfer/csv-line';
import type { LineForm } from './resumable';

/** Entries of history as lines: what the API tells of each, in words too. */

export const FORMATS = ['ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Form of the positions of a line. */
export type Encode = (row: HistoryRow) => string;

interface Lines extends LineForm {
  readonly head: string | null;
  readonly line: (entry: NamedEntry, encode: Encode) => string;
}

const COLUMNS = [
  ...[
    'position',
    'event',
    'part',
    'type',
    'at',
    'recordedAt',
    'actorType',
    'actorId',
    'actorHost',
    'actorName',
  ],
  ...[
    'command',
    'requestId',
    'reason',
    'role',
    'roleName',
    'user',
    'userName',
    'permission',
    'summary',
    'void',
  ],
] as const;

const BEGIN = /^\{"position":"([^"]+)"/;
const FIRST_COLUMN = /^([0-9a-z]+[.-][0-9a-z.~]+),/;

export const LINES: Readonly<Record<Format, Lines>> = {
  ndjson: {
    head: null,
    hasQuotes: false,
    positionOf: (line) => BEGIN.exec(line)?.[1] ?? null,
    line: (entry, encode) => JSON.stringify(asObject(entry, encode)),
  },
  csv: {
    head: csvLine(COLUMNS),
    hasQuotes: true,
    positionOf: (line) => FIRST_COLUMN.exec(line)?.[1] ?? null,
    line: ({ row, names }, encode) => {
      const { actor } = row;
      return csvLine([
        ...[
          encode(row),
          row.eventId,
          String(row.part),
          row.type,
          row.at.toISOString(),
          row.recordedAt.toISOString(),
        ],
        ...[actor?.type ?? 'unknown', actor?.id ?? '', actor?.host ?? '', names.actor ?? ''],
        ...[row.command, row.requestId, row.reason ?? '', row.role ?? '', names.role ?? ''],
        ...[row.user ?? '', names.user ?? '', row.permission ?? '', sentence({ row, names })],
        row.voided ? 'true' : 'false',
      ]);
    },
  },
};

/** `position` is the first field: a run that goes on looks for it there. */
function asObject({ row, names }: NamedEntry, encode: Encode): object {
  const { eventId, part, type, at, recordedAt, actor, command, requestId, reason, permission, voided } = row;
  const named = (id: string | null, name: string | null): object | null =>
    id === null ? null : { id, name };
  return {
    position: encode(row),
    event: eventId,
    part,
    type,
    at,
    recordedAt,
    actor: actor && { ...actor, name: names.actor },
    command,
    requestId,
    reason,
    role: named(row.role, names.role),
    user: named(row.user, names.user),
    permission,
    summary: sentence({ row, names }),
    changes: changesOf(row).map(({ permission: of, ...change }) =>
      of === null ? change : { ...change, permission: of },
    ),
    ...(voided ? { voided: { at: voided.at, actor: voided.actor, reason: voided.reason } } : {}),
  };
}

const sentence = ({ row, names }: NamedEntry): string =>
  summaryOf(row, { ...names, actor: names.actor ?? row.actor?.id ?? 'Someone' });
