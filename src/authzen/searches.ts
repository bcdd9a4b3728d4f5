import type { Page } from '../../projections/view';
import {
  actionOf,
  checkContext,
  membersOf,
  resourceOf,
  subjectOf,
  typeSought,
  type Members,
} from './entities';
import { isKnown, USER, usersNamed, type Question } from './question';

/** Searches: which subjects, resources or actions would be permitted. */

export const SEARCHES = ['subject', 'resource', 'action'] as const;
export type SearchKind = (typeof SEARCHES)[number];

/** A search that was read: finds a page of its results as of the question’s view. */
export type Search = (
  question: Question,
  page: { readonly first: number; readonly after: string | null },
) => Page<object> | Promise<Page<object>>;

/** Reads a search from a body. @throws MalformedRequestError */
export function searchOf(kind: SearchKind, body: Members): Search {
  checkContext(body);
  return READERS[kind](body);
}

const NOTHING: Page<object> = { items: [], hasMore: false };

const READERS: { readonly [Kind in SearchKind]: (body: Members) => Search } = {
  /** Users who have the permission, by name. */
  subject(body) {
    const type = typeSought(body['subject'], 'subject');
    const { name, scope } = actionOf(body['action']);
    const resource = resourceOf(body['resource']);
    return async (question, page) => {
      if (type !== USER || !isKnown(question, resource)) return NOTHING;
      const { items, hasMore } = await question.view.holders(name, scope, page);
      return {
        items: items.map(({ item, cursor }) => ({ item: { type: USER, id: item.user.id }, cursor })),
        hasMore,
      };
    };
  },
  /** The account, if the subject has the permission. */
  resource(body) {
    const subject = subjectOf(body['subject']);
    const { name, scope } = actionOf(body['action']);
    const type = typeSought(body['resource'], 'resource');
    return (question, page) => {
      const user = usersNamed(question, [subject])[0];
      if (user == null || type !== question.resourceType) return NOTHING;
      const { allowed } = question.view.check(user, name, scope);
      return allowed ? pageOfKeys([question.view.account], page, (id) => ({ type, id })) : NOTHING;
    };
  },
  /** Permissions that the subject has, in the order of the catalogue. */
  action(body) {
    const subject = subjectOf(body['subject']);
    const resource = resourceOf(body['resource']);
    return (question, page) => {
      const user = usersNamed(question, [subject])[0];
      if (user == null || !isKnown(question, resource)) return NOTHING;
      const granted = question.view.effective([user]).get(user)?.granted ?? [];
      const keys = granted.map(({ permission }) => permission);
      return pageOfKeys(keys, page, (name) => ({ name }));
    };
  },
};

/** A page of a short list, whose cursors are its own keys. */
function pageOfKeys(
  keys: readonly string[],
  { first, after }: { readonly first: number; readonly after: string | null },
  item: (key: string) => object,
): Page<object> {
  const from = after === null ? 0 : keys.indexOf(after) + 1;
  const shown = keys.slice(from, from + first);
  return {
    items: shown.map((key) => ({ item: item(key), cursor: key })),
    hasMore: from + shown.length < keys.length,
  };
}

/** Checks that the body is an object, before anything else is read. @throws MalformedRequestError */
export const searchBody = (body: unknown): Members => membersOf(body, 'The body');
