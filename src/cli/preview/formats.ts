import type { AccessChange } from '../../../projections/view';
import { counted } from '../../domain/text';
import type { AccountEffect, UserEffect } from '../../operations/audit/publication-preview';
import type { DiffRow } from '../../operations/publication/diff-summary';
import { csvLine } from '../../operations/transfer/csv-line';
import type { WriteLine } from '../out';
import { tableOf, widthsOf } from '../table';

export const FORMATS = ['table', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Writes what a publication would change, each part as it comes. */
export interface EffectWriter {
  readonly entries: (rows: readonly DiffRow[]) => Promise<void>;
  readonly account: (effect: AccountEffect) => Promise<void>;
  readonly user: (effect: UserEffect) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** `width`: columns of the terminal; left out: not known. */
export function effectWriter(format: Format, write: WriteLine, width?: number): EffectWriter {
  if (format === 'table') return asTables(write, width);
  return format === 'csv' ? asCsv(write) : asJson(write);
}

/** Rows printed as one table. */
const ROWS = 200;
/** Roles that are named; more are counted. */
const NAMED = 3;

function asTables(write: WriteLine, width?: number): EffectWriter {
  const widths = (...columns: (number | null)[]): number[] => widthsOf(columns, width);
  const accounts: string[][] = [];
  let users: string[][] = [];
  const writeUsers = async (): Promise<void> => {
    const head = ['account', 'user', 'gains', 'loses'];
    if (users.length > 0) await write(tableOf(head, widths(12, 20, null, null), users));
    users = [];
  };
  return {
    async entries(rows) {
      const cells = rows.map(({ mark, kind, key, what }) => [mark, kind, key, what]);
      if (rows.length > 0) await write(tableOf(['', 'kind', 'key', 'what'], widths(3, 15, 28, null), cells));
    },
    account({ account, roles, users: affected, gaining, losing }) {
      accounts.push([account, ...[roles.length, affected, gaining, losing].map(String), namesOf(roles)]);
      return Promise.resolve();
    },
    async user({ account, username, gained, lost }) {
      if (accounts.length > 0) await write(accountTable(accounts.splice(0), widths));
      users.push([account, username, ...[gained, lost].map((changes) => changes.map(inWords).join('\n'))]);
      if (users.length >= ROWS) await writeUsers();
    },
    async end() {
      if (accounts.length > 0) await write(accountTable(accounts.splice(0), widths));
      await writeUsers();
    },
  };
}

const accountTable = (
  rows: readonly (readonly string[])[],
  widths: (...columns: (number | null)[]) => number[],
): string =>
  tableOf(
    ['account', 'roles', 'users', 'gaining', 'losing', 'which roles'],
    widths(12, 8, 9, 9, 9, null),
    rows,
  );

function namesOf(roles: AccountEffect['roles']): string {
  const more = roles.length - NAMED;
  const names = roles.slice(0, NAMED).map(({ name }) => name);
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const inWords = ({ permission, scopes }: AccessChange): string =>
  scopes.length === 0 ? permission : `${permission} (${counted(scopes.length, 'scope')})`;

/** The users alone, a line for each permission. */
function asCsv(write: WriteLine): EffectWriter {
  const nothing = (): Promise<void> => Promise.resolve();
  let begun = false;
  return {
    entries: nothing,
    account: nothing,
    async user({ account, user, username, name, gained, lost }) {
      const head = ['account', 'userId', 'username', 'name', 'change', 'permission', 'scopes'];
      if (!begun) await write(csvLine(head));
      begun = true;
      for (const [change, changes] of Object.entries({ gained, lost }))
        for (const { permission, scopes } of changes)
          await write(csvLine([account, user, username, name, change, permission, scopes.join(' ')]));
    },
    end: nothing,
  };
}

function asJson(write: WriteLine): EffectWriter {
  const put = (value: object): Promise<void> => write(JSON.stringify(value));
  return {
    async entries(rows) {
      for (const entry of rows) await put({ entry });
    },
    account: ({ roles, ...effect }) =>
      put({
        account: {
          ...effect,
          roles: roles.map(({ id, name, kind, userCount }) => ({ id, name, kind, userCount })),
        },
      }),
    user: ({ cursor, ...user }) => put({ user, cursor }),
    end: () => Promise.resolve(),
  };
}
