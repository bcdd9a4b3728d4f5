import { hash } from 'node:crypto';
import { type AccountNumber, type Ordinal } from '../numbers';

/**
 * The tables of the read models; `rows.ts` has their rows as types. Every fact holds in [valid_from, valid_to), two
 * ordinals; one index serves the present and the past. Rows are narrow: accounts, users and roles are numbers (users
 * and roles within their account, in order of appearance), other repeated text is a number of `word`. All numbers
 * follow from the log, so replicas agree.
 *
 * Lists are ordered by the beginning of a name's key, so that rows and cursors are bounded.
 */

/** Raised with every change of reducers that makes other rows of the same events. Changes of tables show by themselves. */
const REDUCERS_VERSION = '5';

/** `valid_to` of facts that still hold. Six bytes in a row, and no NULL to test for. */
export const OPEN = (2 ** 47 - 1) as Ordinal;

/** The account of rows that concern all accounts: the catalogue. Accounts are numbered from 1. */
export const EVERY_ACCOUNT = 0 as AccountNumber;

/** Number of an unknown account: no row has it. */
export const UNKNOWN_ACCOUNT = -1 as AccountNumber;

/** The account of moments that are no account's, nor of the catalogue: what concerns the log itself. */
export const LOG_ITSELF = -2 as AccountNumber;

export const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The time line, one row per event of ours. The last row is the checkpoint. The account is the one whose feed has the event.
CREATE TABLE moment (n INTEGER PRIMARY KEY, position INTEGER NOT NULL, time INTEGER NOT NULL,
  complete INTEGER NOT NULL, event BLOB NOT NULL, account INTEGER NOT NULL);

-- Ids of events, in parts of so many events each: every part is sorted once, when it is complete. A beginning of the id.
CREATE TABLE event_part (part INTEGER NOT NULL, id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (part, id, n)) WITHOUT ROWID;

CREATE TABLE word (n INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

CREATE TABLE catalogue_staged (n INTEGER PRIMARY KEY, publication TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE catalogue_entry (kind TEXT NOT NULL, key TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  sort INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, key, valid_from)) WITHOUT ROWID;
CREATE TABLE publication (n INTEGER PRIMARY KEY, version INTEGER NOT NULL, content_digest TEXT NOT NULL);

-- What a publication changed, part by part, and the permissions that each part is about. Role and permission are keys.
CREATE TABLE catalogue_change (n INTEGER NOT NULL, part INTEGER NOT NULL, type INTEGER NOT NULL, role INTEGER, permission INTEGER,
  data TEXT NOT NULL, PRIMARY KEY (n, part)) WITHOUT ROWID;
CREATE TABLE catalogue_change_permission (permission INTEGER NOT NULL, n INTEGER NOT NULL, part INTEGER NOT NULL,
  PRIMARY KEY (permission, n, part)) WITHOUT ROWID;

CREATE TABLE account (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE account_fact (account INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (account, valid_from)) WITHOUT ROWID;
CREATE TABLE feature (account INTEGER NOT NULL, key TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  PRIMARY KEY (account, key, valid_from)) WITHOUT ROWID;
CREATE TABLE account_count (account INTEGER NOT NULL, n INTEGER NOT NULL, active INTEGER NOT NULL, inactive INTEGER NOT NULL,
  erased INTEGER NOT NULL, roles INTEGER NOT NULL, deleted INTEGER NOT NULL, PRIMARY KEY (account, n)) WITHOUT ROWID;

CREATE TABLE user_key (account INTEGER NOT NULL, n INTEGER NOT NULL, id TEXT NOT NULL, service INTEGER NOT NULL, PRIMARY KEY (account, n)) WITHOUT ROWID;
CREATE UNIQUE INDEX user_by_id ON user_key (account, id);
CREATE TABLE user_fact (account INTEGER NOT NULL, n INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  active INTEGER NOT NULL, username TEXT, name TEXT, external_id TEXT, username_key TEXT NOT NULL, name_key TEXT NOT NULL,
  search TEXT NOT NULL, login INTEGER,
  PRIMARY KEY (account, n, valid_from)) WITHOUT ROWID;
-- By user: the identities that issuers of tokens know them by; the issuer is a word. A subject that cannot be read is null.
CREATE TABLE identity (account INTEGER NOT NULL, user INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  claim TEXT NOT NULL, issuer INTEGER NOT NULL, subject TEXT, PRIMARY KEY (account, user, valid_from)) WITHOUT ROWID;
-- API keys of service users. Requests are looked up by the hash, whatever the account.
CREATE TABLE api_key (account INTEGER NOT NULL, user INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  id TEXT NOT NULL, name TEXT, prefix TEXT NOT NULL, hash TEXT NOT NULL, expires INTEGER NOT NULL,
  PRIMARY KEY (account, user, valid_from)) WITHOUT ROWID;
-- Erased users, and since when. No other table has a name of one, whenever it was borne.
CREATE TABLE user_erased (account INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, n)) WITHOUT ROWID;
-- Those of whom history, the search index, free pages or the write-ahead log may still hold something.
CREATE TABLE user_remnant (account INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (account, n)) WITHOUT ROWID;

-- What users were ever called, by rowid account << 32 | n: candidates only, each is compared again as of the moment.
CREATE VIRTUAL TABLE user_search USING fts5 (text, content = '', contentless_delete = 1, detail = none,
  tokenize = 'trigram case_sensitive 1');
-- Every trigram that occurs, so that a pattern of one or two characters can be asked as those that start with it.
CREATE TABLE trigram (text TEXT PRIMARY KEY) WITHOUT ROWID;

-- Every text that custom roles ever had, by rowid account << 32 | ordinal: candidates, as those of users.
CREATE VIRTUAL TABLE role_search USING fts5 (text, content = '', detail = none,
  tokenize = 'trigram case_sensitive 1');

CREATE TABLE role_key (account INTEGER NOT NULL, n INTEGER NOT NULL, id TEXT NOT NULL, custom INTEGER NOT NULL,
  created INTEGER NOT NULL, PRIMARY KEY (account, n)) WITHOUT ROWID;
CREATE UNIQUE INDEX role_by_id ON role_key (account, id);
CREATE TABLE role_fact (account INTEGER NOT NULL, n INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  deleted INTEGER NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, search_key TEXT NOT NULL, description TEXT,
  PRIMARY KEY (account, n, valid_from)) WITHOUT ROWID;
-- Custom roles as they are now, deleted ones too, for lists in the order of what changes often. Those of other moments are
-- found by way of what changed since.
CREATE TABLE role_list (account INTEGER NOT NULL, role INTEGER NOT NULL, deleted INTEGER NOT NULL, name_key TEXT NOT NULL,
  users INTEGER NOT NULL, permissions INTEGER NOT NULL, scopes INTEGER NOT NULL, changed INTEGER NOT NULL,
  PRIMARY KEY (account, role)) WITHOUT ROWID;
CREATE TABLE role_count (account INTEGER NOT NULL, role INTEGER NOT NULL, n INTEGER NOT NULL, users INTEGER NOT NULL,
  permissions INTEGER NOT NULL, scopes INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (account, role, n)) WITHOUT ROWID;

CREATE TABLE grant_fact (account INTEGER NOT NULL, role INTEGER NOT NULL, permission INTEGER NOT NULL, valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL, scopes INTEGER NOT NULL, PRIMARY KEY (account, role, permission, valid_from)) WITHOUT ROWID;
-- How many grants of a role keep a scope now: what makes counting distinct scopes cost what changes, not what is there.
CREATE TABLE role_scope (account INTEGER NOT NULL, role INTEGER NOT NULL, scope INTEGER NOT NULL, grants INTEGER NOT NULL,
  PRIMARY KEY (account, role, scope)) WITHOUT ROWID;

CREATE TABLE membership (account INTEGER NOT NULL, role INTEGER NOT NULL, user INTEGER NOT NULL, valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL, PRIMARY KEY (account, role, user, valid_from)) WITHOUT ROWID;

-- Void events: what they were, and when, by whom and why they were declared void (at that position of the log).
CREATE TABLE voided (n INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL,
  at INTEGER NOT NULL, actor INTEGER NOT NULL, host INTEGER, reason TEXT, position INTEGER NOT NULL);

CREATE TABLE history (n INTEGER PRIMARY KEY, account INTEGER NOT NULL, type INTEGER NOT NULL, at INTEGER NOT NULL,
  actor INTEGER NOT NULL, host INTEGER, role INTEGER, user INTEGER, permission INTEGER, command INTEGER NOT NULL,
  request TEXT NOT NULL, reason TEXT, data TEXT NOT NULL);
`;

/**
 * Indexes that queries need and reducers do not: created once a file that is being built has caught up, each from
 * sorted rows, which takes half the time of maintaining it all along. Those of history end in the rowid, which is the
 * ordinal: each is a list of ordinals in log order.
 */
export const QUERY_INDEXES: readonly string[] = [
  `CREATE INDEX IF NOT EXISTS moment_by_account ON moment (account)`,
  `CREATE INDEX IF NOT EXISTS user_by_name ON user_fact (account, active, name_key, n, valid_from, valid_to)`,
  `CREATE INDEX IF NOT EXISTS user_by_username ON user_fact (account, active, username_key, n, valid_from, valid_to)`,
  `CREATE INDEX IF NOT EXISTS user_by_external_id ON user_fact (account, external_id, n, valid_from, valid_to) WHERE external_id IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS identity_by_subject ON identity (account, subject, issuer, user, valid_from, valid_to) WHERE subject IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS user_service ON user_key (account, n) WHERE service = 1`,
  `CREATE INDEX IF NOT EXISTS api_key_by_hash ON api_key (hash) WHERE valid_to = ${OPEN}`,
  `CREATE INDEX IF NOT EXISTS role_by_name ON role_fact (account, deleted, name_key, n, valid_from, valid_to, search_key)`,
  `CREATE INDEX IF NOT EXISTS user_by_login ON user_fact (account, active, login, name_key, n, valid_from) WHERE valid_to = ${OPEN}`,
  ...['users', 'permissions', 'scopes', 'changed'].map(
    (column) =>
      `CREATE INDEX IF NOT EXISTS role_list_by_${column} ON role_list (account, deleted, ${column}, name_key, role)`,
  ),
  `CREATE INDEX IF NOT EXISTS membership_by_start ON membership (account, role, valid_from, user) WHERE valid_to = ${OPEN}`,
  `CREATE INDEX IF NOT EXISTS grant_by_permission ON grant_fact (account, permission, role, valid_from, valid_to, scopes)`,
  `CREATE INDEX IF NOT EXISTS grant_ended ON grant_fact (account, permission, valid_to) WHERE valid_to < ${OPEN}`,
  `CREATE INDEX IF NOT EXISTS membership_by_user ON membership (account, user, role, valid_from, valid_to)`,
  `CREATE INDEX IF NOT EXISTS history_by_account ON history (account)`,
  `CREATE INDEX IF NOT EXISTS history_by_role ON history (account, role) WHERE role IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS history_by_user ON history (account, user) WHERE user IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS history_by_permission ON history (account, permission) WHERE permission IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS history_by_actor ON history (account, actor)`,
  `CREATE INDEX IF NOT EXISTS history_by_type ON history (account, type)`,
  `CREATE INDEX IF NOT EXISTS catalogue_change_by_role ON catalogue_change (role, n, part) WHERE role IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS catalogue_change_by_type ON catalogue_change (type, n, part)`,
];

/** The version of a file with these tables and indexes. Comments and white space among them do not count. */
export const versionOf = (tables: string, indexes: readonly string[]): string =>
  `${REDUCERS_VERSION}-${hash('sha256', [tables, ...indexes].join(';').replace(/--.*$/gm, '').replace(/\s+/g, ' '))}`;

/** A file of another version is rebuilt beside the old one. */
export const PROJECTIONS_VERSION = versionOf(TABLES, QUERY_INDEXES);

/** Every table of the read models with its key, in a fixed order: what a digest covers. Tables for searches and of parts follow from these. */
export const DIGESTED: readonly (readonly [table: string, columns: string, order: string])[] = [
  ['moment', 'n, time, complete, hex(event), account', 'n'],
  ['word', '*', 'n'],
  ['catalogue_staged', '*', 'n'],
  ['catalogue_entry', '*', 'kind, key, valid_from'],
  ['publication', '*', 'n'],
  ['catalogue_change', '*', 'n, part'],
  ['catalogue_change_permission', '*', 'permission, n, part'],
  ['account', '*', 'n'],
  ['account_fact', '*', 'account, valid_from'],
  ['feature', '*', 'account, key, valid_from'],
  ['account_count', '*', 'account, n'],
  ['user_key', '*', 'account, n'],
  ['user_fact', '*', 'account, n, valid_from'],
  ['identity', '*', 'account, user, valid_from'],
  ['api_key', '*', 'account, user, valid_from'],
  ['user_erased', '*', 'account, n'],
  ['trigram', '*', 'text'],
  ['role_key', '*', 'account, n'],
  ['role_fact', '*', 'account, n, valid_from'],
  ['role_list', '*', 'account, role'],
  ['role_count', '*', 'account, role, n'],
  ['grant_fact', '*', 'account, role, permission, valid_from'],
  ['role_scope', '*', 'account, role, scope'],
  ['membership', '*', 'account, role, user, valid_from'],
  ['voided', 'n, stream, revision, type, at, actor, host, reason', 'n'],
  ['history', '*', 'n'],
];
