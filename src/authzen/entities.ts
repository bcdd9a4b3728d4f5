import type { UserName } from '../graphql/user/user-ref';

/** Subject, action and resource as AuthZEN 1.0 has them, read from a body; unknown members are passed over. */

/** A request that is not one of AuthZEN. Its message names the member, and holds nothing that the client sent. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}

export interface Subject {
  readonly type: string;
  readonly name: UserName;
}

export interface Action {
  /** Key of a permission. */
  readonly name: string;
  /** Scope that the grant must cover too; null: the permission alone. */
  readonly scope: string | null;
}

export interface Resource {
  readonly type: string;
  readonly id: string;
}

export type Members = Readonly<Record<string, unknown>>;

/** Characters (UTF-16 units) of one text; longer than any name that is recorded. */
const LONGEST = 1_000;

/** @throws MalformedRequestError unless it is an object of JSON */
export function membersOf(value: unknown, at: string): Members {
  if (value === undefined) throw new MalformedRequestError(`${at} is missing.`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedRequestError(`${at} must be an object.`);
  return value as Members;
}

/** @throws MalformedRequestError unless it is a text that is not empty */
export function textOf(value: unknown, at: string): string {
  if (value === undefined) throw new MalformedRequestError(`${at} is missing.`);
  if (typeof value !== 'string') throw new MalformedRequestError(`${at} must be a text.`);
  if (value === '') throw new MalformedRequestError(`${at} is empty.`);
  if (value.length > LONGEST) throw new MalformedRequestError(`${at} has more than ${LONGEST} characters.`);
  if (!value.isWellFormed()) throw new MalformedRequestError(`${at} is not well-formed Unicode.`);
  return value;
}

const propertiesOf = ({ properties }: Members, at: string): Members =>
  properties === undefined ? {} : membersOf(properties, `\`${at}.properties\``);

/** @throws MalformedRequestError */
export function subjectOf(value: unknown): Subject {
  const subject = membersOf(value, '`subject`');
  return { type: typeOf(subject, 'subject'), name: nameOf(subject, propertiesOf(subject, 'subject')) };
}

function nameOf({ id }: Members, { by = 'id', issuer }: Members): UserName {
  const text = textOf(id, '`subject.id`');
  if (by === 'id' || by === 'username' || by === 'externalId') return { [by]: text };
  if (by === 'subject')
    return { identity: { issuer: textOf(issuer, '`subject.properties.issuer`'), subject: text } };
  // To read it as an id would decide about somebody else.
  throw new MalformedRequestError(
    '`subject.properties.by` is one of "id", "username", "externalId" and "subject".',
  );
}

/** @throws MalformedRequestError */
export function actionOf(value: unknown): Action {
  const action = membersOf(value, '`action`');
  const name = textOf(action['name'], '`action.name`');
  const { scope } = propertiesOf(action, 'action');
  return { name, scope: scope == null ? null : textOf(scope, '`action.properties.scope`') };
}

/** @throws MalformedRequestError */
export function resourceOf(value: unknown): Resource {
  const resource = membersOf(value, '`resource`');
  propertiesOf(resource, 'resource');
  return { type: typeOf(resource, 'resource'), id: textOf(resource['id'], '`resource.id`') };
}

/** The type alone, of what is searched for: an id is passed over. @throws MalformedRequestError */
export const typeSought = (value: unknown, entity: 'subject' | 'resource'): string =>
  typeOf(membersOf(value, `\`${entity}\``), entity);

const typeOf = ({ type }: Members, entity: string): string => textOf(type, `\`${entity}.type\``);

/** @throws MalformedRequestError for a context that is none; nothing in it has a meaning here */
export function checkContext({ context }: Members): void {
  if (context !== undefined) membersOf(context, '`context`');
}
