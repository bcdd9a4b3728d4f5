import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { sameName } from '../../src/domain/text';

/**
 * State of a log, folded a second time and apart from the code under test: plain sets and maps, one account.
 * Guards and invariants are computed from it.
 */
export interface BookRole {
  name: string | null;
  deleted: boolean;
  version: number;
  readonly members: Set<string>;
  readonly grants: Map<string, readonly string[]>;
}
export interface BookUser {
  username: string;
  name: string;
  externalId: string | null;
  /** Issuer and subject by the claim on them. */
  readonly identities: Map<string, string>;
  active: boolean;
  erased: boolean;
  /** True if others may have the username, the external id and the identities of an erased user. */
  released: boolean;
}
export interface Book {
  readonly events: readonly RecordedEvent[];
  opened: boolean;
  readonly features: Set<string>;
  readonly users: Map<string, BookUser>;
  /** Default roles appear once they have a member. */
  readonly roles: Map<string, BookRole>;
  readonly barred: Set<string>;
}

export function readBook(events: readonly RecordedEvent[]): Book {
  const book: Book = {
    events,
    opened: false,
    features: new Set(),
    users: new Map(),
    roles: new Map(),
    barred: new Set(),
  };
  for (const event of events) {
    const category = parseStream(event.stream)?.category;
    if (category === 'role') applyRole(book, event);
    if (category === 'user') applyUser(book, event);
    if (category === 'account') applyAccount(book, event);
  }
  return book;
}

/** Roles that exist and have a name of their own, with their ids. */
export const liveCustomRoles = (book: Book): [string, BookRole & { name: string }][] =>
  [...book.roles].filter(
    (entry): entry is [string, BookRole & { name: string }] => entry[1].name !== null && !entry[1].deleted,
  );

export const bearerOfName = (book: Book, name: string): string | null =>
  liveCustomRoles(book).find(([, role]) => sameName(role.name, name))?.[0] ?? null;

export const bearerOfUsername = (book: Book, username: string): string | null =>
  [...book.users].find(([, user]) => !user.released && sameName(user.username, username))?.[0] ?? null;

/** The one who has the external id, or had it when erased. */
export const bearerOfExternalId = (book: Book, externalId: string): string | null =>
  [...book.users].find(([, user]) => !user.released && user.externalId === externalId)?.[0] ?? null;

/** The one who has the identity of a subject, or had it when erased. */
export const bearerOfSubject = (book: Book, subject: string): string | null =>
  [...book.users].find(
    ([, user]) =>
      !user.released && [...user.identities.values()].some((each) => each.endsWith(` ${subject}`)),
  )?.[0] ?? null;

export const membersOf = (book: Book, role: string): ReadonlySet<string> =>
  book.roles.get(role)?.members ?? new Set();

/** The fields of all events; each has those of its type. */
interface Data {
  readonly role: string;
  readonly user: string;
  readonly name: string;
  readonly username: string;
  readonly externalId?: string;
  readonly issuer: string;
  readonly subject: string;
  readonly identityClaim: string;
  readonly to: string & BookUser;
  readonly permission: string;
  readonly scopes: readonly string[];
  readonly feature: string;
  readonly member: boolean;
}

function applyRole(book: Book, event: RecordedEvent): void {
  if (event.type === 'ClaimAbandoned') return;
  const data = event.data as unknown as Data;
  let role = book.roles.get(data.role);
  if (!role) {
    role = { name: null, deleted: false, version: 0, members: new Set(), grants: new Map() };
    book.roles.set(data.role, role);
  }
  switch (event.type) {
    case 'RoleCreated':
      role.name = data.name;
      break;
    case 'RoleRenamed':
      role.name = data.to;
      break;
    case 'PermissionGranted':
      role.grants.set(data.permission, data.scopes);
      break;
    case 'PermissionScopesChanged':
      role.grants.set(data.permission, data.to as unknown as string[]);
      break;
    case 'PermissionRevoked':
      role.grants.delete(data.permission);
      break;
    case 'UserAssigned':
      role.members.add(data.user);
      break;
    case 'UserUnassigned':
      role.members.delete(data.user);
      break;
    case 'RoleDeleted':
      role.deleted = true;
      role.members.clear();
      role.grants.clear();
      break;
    case 'UserBarred':
      if (data.member && role.members.delete(data.user)) role.version += 1;
      book.barred.add(data.user);
      return;
    case 'UserUnbarred':
      book.barred.delete(data.user);
      return;
  }
  role.version += 1;
}

function applyUser(book: Book, event: RecordedEvent): void {
  const data = event.data as unknown as Data;
  if (event.type === 'UserRegistered') {
    book.users.set(data.user, {
      username: data.username,
      name: data.name,
      externalId: data.externalId ?? null,
      identities: new Map(),
      active: true,
      erased: false,
      released: false,
    });
    return;
  }
  const user = book.users.get(data.user);
  if (!user) return;
  if (event.type === 'UserProfileChanged') Object.assign(user, { externalId: null }, data.to);
  if (event.type === 'UserDeactivated') user.active = false;
  if (event.type === 'UserReactivated') user.active = true;
  if (event.type === 'UserErased') Object.assign(user, { active: false, erased: true });
  if (event.type === 'UsernameReleased') user.released = true;
  if (event.type === 'UserIdentityLinked')
    user.identities.set(data.identityClaim, `${data.issuer} ${data.subject}`);
  if (event.type === 'UserIdentityUnlinked') user.identities.delete(data.identityClaim);
}

function applyAccount(book: Book, event: RecordedEvent): void {
  const { feature } = event.data as unknown as Data;
  if (event.type === 'AccountOpened') book.opened = true;
  if (event.type === 'FeatureEnabled') book.features.add(feature);
  if (event.type === 'FeatureDisabled') book.features.delete(feature);
}
