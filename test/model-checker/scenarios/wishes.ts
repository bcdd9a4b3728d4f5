import {
  bearerOfExternalId,
  bearerOfName,
  bearerOfSubject,
  bearerOfUsername,
  membersOf,
  type Book,
} from '../book';
import { ask, roleIdOf, type Ask } from '../../commands/harness';

/** Vocabulary of the scenarios: commands, and fresh commands for the same things afterwards. */

export const create = (name: string, key?: string): Ask =>
  ask({ type: 'createRole', name }, key ? { idempotencyKey: key } : {});
export const rename = (role: string, name: string, key?: string): Ask =>
  ask({ type: 'updateRole', role, name }, key ? { idempotencyKey: key } : {});
export const remove = (role: string): Ask => ask({ type: 'deleteRole', role });
export const register = (username: string, key?: string): Ask =>
  ask({ type: 'registerUser', username }, key ? { idempotencyKey: key } : {});
export const registerKnown = (username: string, externalId: string): Ask =>
  ask({ type: 'registerUser', username, externalId });
export const know = (id: string, externalId: string | null): Ask =>
  ask({ type: 'updateUser', user: id, externalId });
export const callAndKnow = (id: string, username: string, externalId: string): Ask =>
  ask({ type: 'updateUser', user: id, username, externalId });
export const ISSUER = 'https://login.example';
export const link = (id: string, subject: string): Ask =>
  ask({ type: 'linkUserIdentity', user: id, issuer: ISSUER, subject });
export const unlink = (id: string, subject: string): Ask =>
  ask({ type: 'unlinkUserIdentity', user: id, issuer: ISSUER, subject });
export const registerLinked = (username: string, subject: string): Ask =>
  ask({ type: 'registerUser', username, identity: { issuer: ISSUER, subject } });
export const call = (id: string, username: string): Ask => ask({ type: 'updateUser', user: id, username });
export const deactivate = (id: string, key?: string): Ask =>
  ask({ type: 'deactivateUser', user: id }, key ? { idempotencyKey: key } : {});
export const reactivate = (id: string, key?: string): Ask =>
  ask({ type: 'reactivateUser', user: id }, key ? { idempotencyKey: key } : {});
export const erase = (id: string): Ask => ask({ type: 'eraseUser', user: id });
export const releaseName = (username: string): Ask => ask({ type: 'releaseUsername', username });
export const assign = (role: string, ...userIds: string[]): Ask =>
  ask({ type: 'assignUsers', role, userIds });
export const unassign = (role: string, ...userIds: string[]): Ask =>
  ask({ type: 'unassignUsers', role, userIds });
export const keyed = ({ command }: Ask, key: string): Ask => ask(command, { idempotencyKey: key });

export const A = roleIdOf('a');
export const B = roleIdOf('b');

/** A further command that wants one of the names ends: refused where it is borne, else it bears it. */
export const wantsName =
  (...names: string[]) =>
  (book: Book) =>
    names.flatMap((name) => [
      { ask: create(name), expect: bearerOfName(book, name) ? 'NAME_TAKEN' : 'ok' },
      { ask: create(name.toUpperCase()), expect: 'NAME_TAKEN' },
    ]);

export const wantsUsername =
  (...names: string[]) =>
  (book: Book) =>
    names.flatMap((name) => [
      { ask: register(name), expect: bearerOfUsername(book, name) ? 'USERNAME_TAKEN' : 'ok' },
      { ask: register(name), expect: 'USERNAME_TAKEN' },
    ]);

/** The same for external ids, which those have too who were erased and not released. */
export const wantsExternalId =
  (...externalIds: string[]) =>
  (book: Book) =>
    externalIds.flatMap((externalId) => {
      const bearer = book.users.get(bearerOfExternalId(book, externalId) ?? '');
      const refused = bearer?.erased ? 'EXTERNAL_ID_SUPPRESSED' : 'EXTERNAL_ID_TAKEN';
      return [
        { ask: registerKnown(`first for ${externalId}`, externalId), expect: bearer ? refused : 'ok' },
        {
          ask: registerKnown(`next for ${externalId}`, externalId),
          expect: bearer ? refused : 'EXTERNAL_ID_TAKEN',
        },
      ];
    });

/** The same for identities. */
export const wantsSubject =
  (...subjects: string[]) =>
  (book: Book) =>
    subjects.flatMap((subject) => {
      const bearer = book.users.get(bearerOfSubject(book, subject) ?? '');
      const refused = bearer?.erased ? 'IDENTITY_SUPPRESSED' : 'IDENTITY_TAKEN';
      return [
        { ask: registerLinked(`first for ${subject}`, subject), expect: bearer ? refused : 'ok' },
        { ask: registerLinked(`next for ${subject}`, subject), expect: bearer ? refused : 'IDENTITY_TAKEN' },
      ];
    });

/**
 * Deactivating someone, again or at last, ends; so does reactivating, after which they are an admin who counts: then the
 * others can go. Whoever was an admin needs not be assigned anew.
 */
export const repeats = (id: string) => (book: Book) => {
  const admins = [...membersOf(book, 'account-admin')];
  const others = admins.filter((each) => each !== id);
  const active = admins.filter((each) => book.users.get(each)?.active && !book.barred.has(each));
  if (active.length === 1 && active[0] === id) return [{ ask: deactivate(id), expect: 'LAST_ADMIN' }];
  return [
    { ask: deactivate(id), expect: 'ok' },
    { ask: unassign('account-admin', ...others), expect: 'LAST_ADMIN' },
    { ask: assign('account-admin', id), expect: admins.includes(id) ? 'ok' : 'USER_INACTIVE' },
    { ask: reactivate(id), expect: 'ok' },
    { ask: assign('account-admin', id), expect: 'ok' },
    { ask: unassign('account-admin', ...others), expect: 'ok' },
    { ask: deactivate(id), expect: 'LAST_ADMIN' },
  ];
};

/** A user who is in neither role can join one, and then not the other. */
export const joins = (id: string) => (book: Book) => {
  if (membersOf(book, 'maker').has(id)) return [{ ask: assign('checker', id), expect: 'ROLE_CONFLICT' }];
  return [
    { ask: assign('checker', id), expect: 'ok' },
    { ask: assign('maker', id), expect: 'ROLE_CONFLICT' },
    { ask: unassign('checker', id), expect: 'ok' },
    { ask: assign('maker', id), expect: 'ok' },
  ];
};
