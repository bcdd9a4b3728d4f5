import { Field, ObjectType } from 'type-graphql';
import type { HistoryRow } from '../../../projections/view';
import { globalId } from '../ids';

@ObjectType({ simpleResolvers: true, description: 'One field that an event changed.' })
export class HistoryChange {
  @Field({ description: 'Name of the field, e.g. `name`, `permission`, `scopes`, `user`.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its value before; null where there was none. Lists are joined by commas.',
  })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'Its value after; null where there is none.' })
  after!: string | null;
}

/** What an event changed, field by field, from its data alone: events say both sides. */
export function changesOf({ type, data, user }: Pick<HistoryRow, 'type' | 'data' | 'user'>): HistoryChange[] {
  const person = user === null ? null : globalId('User', user);
  switch (type) {
    case 'RoleCreated':
      return present(
        change('name', null, data.name),
        change('description', null, data.description),
        copied(data),
      );
    case 'RoleRenamed':
      return [change('name', data.from, data.to)];
    case 'RoleDescriptionChanged':
      return [change('description', data.from, data.to)];
    case 'RoleDeleted':
      return [change('name', data.name, null)];
    case 'PermissionGranted':
      return [change('permission', null, data.permission), change('scopes', null, data.scopes)];
    case 'PermissionScopesChanged':
      return [change('scopes', data.from, data.to)];
    case 'PermissionRevoked':
      return [change('permission', data.permission, null), change('scopes', data.scopes, null)];
    case 'UserAssigned':
      return [change('user', null, person)];
    case 'UserUnassigned':
    case 'UserBarred':
      return [change('user', person, null)];
    case 'UserRegistered':
      return [change('username', null, data.username), change('name', null, data.name)];
    case 'UserProfileChanged':
      return profile(data.from as Profile, data.to as Profile);
    case 'UserDeactivated':
      return [change('status', 'ACTIVE', 'INACTIVE')];
    case 'UserReactivated':
      return [change('status', 'INACTIVE', 'ACTIVE')];
    case 'UserLoggedIn':
      return signIn(data);
    case 'AccountOpened':
      return [change('name', null, data.name)];
    case 'FeatureEnabled':
      return [change('feature', null, data.feature)];
    case 'FeatureDisabled':
      return [change('feature', data.feature, null)];
    case 'CataloguePublished':
      return [change('version', null, data.version)];
    default:
      return [];
  }
}

type Profile = { readonly username: string; readonly name: string };

const profile = (from: Profile, to: Profile): HistoryChange[] =>
  (['username', 'name'] as const)
    .filter((field) => from[field] !== to[field])
    .map((field) => change(field, from[field], to[field]));

/** One that became known late does not change when the last one was. */
const signIn = ({ at, before }: HistoryRow['data']): HistoryChange[] =>
  before != null && Date.parse(String(before)) >= Date.parse(String(at))
    ? []
    : [change('lastLoginAt', before, at)];

const copied = ({ copiedFrom }: HistoryRow['data']): HistoryChange =>
  change('copiedFrom', null, copiedFrom == null ? null : globalId('Role', String(copiedFrom)));

const present = (...changes: HistoryChange[]): HistoryChange[] =>
  changes.filter(({ before, after }) => before !== null || after !== null);

const change = (field: string, before: unknown, after: unknown): HistoryChange => ({
  field,
  before: text(before),
  after: text(after),
});

const text = (value: unknown): string | null =>
  value == null ? null : Array.isArray(value) ? value.join(', ') : String(value);
