import type { UserKind } from '../../domain/user/events';
import { counted } from '../../domain/text';
import type { ExternalIdentity } from '../../domain/user/events';
import { isId } from '../../domain/vocabulary';
import type { CsvRecord } from './csv-records';
import { ImportFormatError } from './report';

/** A record of a file of users: the columns of its header, and the fields of one user. */

const REQUIRED = ['username', 'name'] as const;
const OPTIONAL = ['id', 'status', 'externalId', 'kind', 'issuer', 'subject'] as const;
type ColumnName = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** Statuses that a file can set. */
export type UserStatus = 'ACTIVE' | 'INACTIVE';

export interface UserLine {
  readonly username: string;
  readonly name: string;
  /** Null: it is derived from the username. */
  readonly id: string | null;
  /** Null: the file does not have it. */
  readonly status: UserStatus | null;
  /** Null: the file does not have it. */
  readonly externalId: string | null;
  /** Null: the file does not have one. */
  readonly identity: ExternalIdentity | null;
  /** Null: the file does not have it; a person. */
  readonly kind: UserKind | null;
}

/** Columns of the file, by their index in a record. */
export interface Columns {
  readonly places: ReadonlyMap<ColumnName, number>;
  /** Fields of a record. */
  readonly count: number;
  /** Names of further columns, which are not read. */
  readonly ignored: readonly string[];
}

/** Longest piece of a file that is repeated in a message. */
const SHOWN = 200;

/** @throws ImportFormatError unless the first record names the required columns, each once */
export function columnsOf({ number, content }: CsvRecord): Columns {
  if ('fault' in content) throw notAHeader(`Line ${number} ${content.fault}.`);
  const names = content.fields.map((name) => name.trim());
  const places = new Map<ColumnName, number>();
  const ignored: string[] = [];
  names.forEach((name, place) => {
    const column = columnOf(name);
    if (column === null) return void ignored.push(name);
    if (places.has(column))
      throw notAHeader(`Line ${number} names the column ${column} twice: ${shown(names)}.`);
    places.set(column, place);
  });
  const missing = REQUIRED.filter((name) => !places.has(name));
  if (missing.length > 0)
    throw notAHeader(
      `Line ${number} is ${shown(names)}: there is no column ${missing.join(' and no column ')}.`,
    );
  return { places, count: names.length, ignored };
}

function columnOf(name: string): ColumnName | null {
  const lower = name.toLowerCase();
  return [...REQUIRED, ...OPTIONAL].find((column) => column.toLowerCase() === lower) ?? null;
}

const notAHeader = (found: string): ImportFormatError =>
  new ImportFormatError(
    `${found} The first line must name the columns username and name, and optionally id, status, externalId, kind, issuer and subject, separated by commas, semicolons or tabs.`,
  );

/** Names from a file, in quotes and without characters that would disturb a terminal. */
function shown(names: readonly string[]): string {
  const text = names.map((name) => JSON.stringify(name)).join(', ');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Note on the columns that are not read; null if all are read. */
export const ignoredNote = ({ ignored }: Columns): string | null =>
  ignored.length === 0 ? null : `Not read: the column${ignored.length === 1 ? '' : 's'} ${shown(ignored)}.`;

/** The user that a record describes, or its fault. */
export function userOf(
  fields: readonly string[],
  { places, count }: Columns,
): UserLine | { readonly fault: string } {
  if (fields.length !== count)
    return { fault: `has ${counted(fields.length, 'field')}, the header has ${count}` };
  const value = (name: ColumnName): string => fields[places.get(name) ?? -1]?.trim() ?? '';
  const id = value('id');
  if (id !== '' && !isId(id)) return { fault: 'has an id that is not 1 to 64 of A-Z a-z 0-9 _ -' };
  const status = value('status').toUpperCase();
  if (status === 'ERASED') return { fault: 'is of an erased user, whom no import brings back' };
  if (status !== '' && status !== 'ACTIVE' && status !== 'INACTIVE')
    return { fault: 'has a status that is neither ACTIVE nor INACTIVE' };
  const kind = kindOf(value('kind').toUpperCase());
  if (kind === undefined) return { fault: 'has a kind that is neither PERSON nor SERVICE' };
  const username = value('username');
  const identity = { issuer: value('issuer'), subject: value('subject') };
  const half = halfOf(identity);
  if (half !== null) return { fault: `has ${half}` };
  return {
    username,
    name: value('name') || username,
    id: id || null,
    status: status || null,
    externalId: value('externalId') || null,
    identity: identity.issuer === '' ? null : identity,
    kind,
  };
}

/** Words for an identity of which one part is missing; null for a whole one, and for none. */
function halfOf({ issuer, subject }: ExternalIdentity): string | null {
  if ((issuer === '') === (subject === '')) return null;
  return issuer === '' ? 'a subject and no issuer' : 'an issuer and no subject';
}

/** Null where none is given; undefined for any other text. */
function kindOf(text: string): UserKind | null | undefined {
  if (text === '') return null;
  return text === 'PERSON' || text === 'SERVICE' ? text : undefined;
}
