import { Map as ImmutableMap } from 'immutable';
import type { SealedText } from '../../../domain/sealed-text';
import type { RoleEvent } from '../../../domain/role/events';
import type { UserEvent } from '../../../domain/user/events';
import type { UserStatus } from '../../../domain/user/user';

/** Personal text as a reader of the log gets it: null once its key is gone, encrypted where there is no key book. */
export type ReadText = string | SealedText | null;

/** State of a user as a replay tells it: the user's own stream, and the roles held, which the streams of roles tell. */
export interface UserLife {
  readonly registered: boolean;
  readonly kind: 'PERSON' | 'SERVICE';
  readonly username: ReadText;
  readonly name: ReadText;
  readonly status: UserStatus;
  /** ISO 8601; null for no sign-in. */
  readonly lastLoginAt: string | null;
  /** Names of the roles held, by id; of a default role the key stands for the name. */
  readonly roles: ImmutableMap<string, string>;
}

export const NEW_LIFE: UserLife = {
  registered: false,
  kind: 'PERSON',
  username: '',
  name: '',
  status: 'ACTIVE',
  lastLoginAt: null,
  roles: ImmutableMap(),
};

/** The life after an event of the user's own stream. */
export function afterOwn(life: UserLife, { type, data }: Pick<UserEvent, 'type' | 'data'>): UserLife {
  const given = data as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'UserRegistered':
      return {
        ...life,
        registered: true,
        kind: given['kind'] === 'SERVICE' ? 'SERVICE' : 'PERSON',
        ...namesIn(given),
      };
    case 'UserProfileChanged':
      return { ...life, ...namesIn(given['to'] as Readonly<Record<string, unknown>>) };
    case 'UserDeactivated':
      return { ...life, status: 'INACTIVE' };
    case 'UserReactivated':
      return { ...life, status: 'ACTIVE' };
    case 'UserErased':
      return { ...life, username: null, name: null, status: 'ERASED' };
    case 'UserLoggedIn':
      return { ...life, lastLoginAt: later(life.lastLoginAt, given['at'] as string) };
    default:
      return life;
  }
}

const namesIn = ({
  username,
  name,
}: Readonly<Record<string, unknown>>): Pick<UserLife, 'username' | 'name'> => ({
  username: username as ReadText,
  name: name as ReadText,
});

const later = (before: string | null, at: string): string =>
  before !== null && Date.parse(before) >= Date.parse(at) ? before : at;

/** The life after an event of a role of the account; the same life where the event is not about the user. */
export function afterRole(life: UserLife, event: RoleEvent, user: string, nameOf: string): UserLife {
  const { role } = event.data as { readonly role: string };
  switch (event.type) {
    case 'UserAssigned':
      return event.data.user === user ? { ...life, roles: life.roles.set(role, nameOf) } : life;
    case 'UserUnassigned':
      return event.data.user === user ? { ...life, roles: life.roles.delete(role) } : life;
    case 'UserBarred':
      return event.data.user === user && event.data.member
        ? { ...life, roles: life.roles.delete(role) }
        : life;
    case 'RoleRenamed':
      return life.roles.has(role) ? { ...life, roles: life.roles.set(role, nameOf) } : life;
    case 'RoleDeleted':
      return life.roles.has(role) ? { ...life, roles: life.roles.delete(role) } : life;
    default:
      return life;
  }
}
