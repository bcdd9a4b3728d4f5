import type { View } from '../../projections/view';
import type { Resource, Subject, SubjectName } from './entities';

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

/** Ids of the users that subjects name, in their order, looked up together; null for a subject of another type. */
export function usersNamed({ view }: Question, subjects: readonly Subject[]): (string | null)[] {
  const names = subjects.flatMap(({ type, name }) => (type === USER ? name : []));
  const texts = (by: SubjectName['by']): string[] => [
    ...new Set(names.filter((name) => name.by === by).map(({ text }) => text)),
  ];
  const [usernames, externalIds] = [texts('username'), texts('externalId')];
  const byUsername = usernames.length === 0 ? NOBODY : view.userIds(usernames);
  const byExternalId = externalIds.length === 0 ? NOBODY : view.userIdsByExternalId(externalIds);
  const identities = names.flatMap((name) =>
    name.by === 'subject' ? { issuer: name.issuer, subject: name.text } : [],
  );
  const byIdentity = (identities.length === 0 ? [] : view.userIdsByIdentity(identities)).values();
  return subjects.map(({ type, name: { by, text } }) => {
    if (type !== USER) return null;
    if (by === 'id') return text;
    if (by === 'subject') return byIdentity.next().value ?? null;
    return (by === 'username' ? byUsername : byExternalId).get(text) ?? null;
  });
}

const NOBODY: ReadonlyMap<string, string> = new Map();
