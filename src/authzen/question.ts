import type { View } from '../../projections/view';
import { usersFound } from '../graphql/user/user-ref';
import type { Resource, Subject } from './entities';

/** View that a request is answered from, and what its answer may tell. */
export interface Question {
  readonly view: View;
  /** Type under which the account of the caller is a resource. */
  readonly resourceType: string;
  /** True if the caller may see which roles grant a permission. */
  readonly seesRoles: boolean;
}

/** Type of the subjects that there are. */
export const USER = 'user';

/** True for the caller’s own account; another one is as one that never existed. */
export const isKnown = ({ view, resourceType }: Question, { type, id }: Resource): boolean =>
  type === resourceType && id === view.account;

/** Ids of the users that subjects name, in their order; null for a subject of another type, and for nobody. */
export const usersNamed = ({ view }: Question, subjects: readonly Subject[]): (string | null)[] =>
  usersFound(
    view,
    subjects.map(({ type, name }) => (type === USER ? name : {})),
  );
