import type { HistoryRow } from '../../../projections/view';

/** Names in a sentence: as they were when it happened. */
export interface SummaryNames {
  readonly actor: string;
  readonly role: string | null;
  readonly user: string | null;
}

/** An event as one sentence that reads alone. */
export function summaryOf(
  row: Pick<HistoryRow, 'type' | 'data' | 'permission' | 'voided'>,
  names: SummaryNames,
): string {
  // Its data may say anything.
  if (row.voided) return `${names.actor} recorded ${row.voided.type}, which is void and changed nothing.`;
  return `${names.actor} ${predicate(row, names)}.`;
}

function predicate(
  { type, data, permission }: Pick<HistoryRow, 'type' | 'data' | 'permission'>,
  names: SummaryNames,
): string {
  const role = quoted(names.role);
  const user = names.user ?? 'a user';
  switch (type) {
    case 'RoleCreated':
      return `created the role ${quoted(data.name)}${data.copiedFrom == null ? '' : ' as a copy'}`;
    case 'RoleRenamed':
      return `renamed the role ${quoted(data.from)} to ${quoted(data.to)}`;
    case 'RoleDescriptionChanged':
      return data.to === null
        ? `removed the description of the role ${role}`
        : `changed the description of the role ${role}`;
    case 'RoleDeleted':
      return `deleted the role ${quoted(data.name)}`;
    case 'PermissionGranted':
      return `granted ${permission} with ${scopes(data.scopes)} to the role ${role}`;
    case 'PermissionScopesChanged':
      return `changed the scopes of ${permission} in the role ${role} from ${scopes(data.from)} to ${scopes(data.to)}`;
    case 'PermissionRevoked':
      return `revoked ${permission} from the role ${role}`;
    case 'UserAssigned':
      return `assigned ${user} to the role ${role}`;
    case 'UserUnassigned':
      return `unassigned ${user} from the role ${role}`;
    case 'UserBarred':
      return `unassigned ${user} from the role ${role}, before deactivating the user`;
    case 'UserUnbarred':
      return `let ${user} be assigned to the role ${role} again`;
    case 'UserRegistered':
      return `registered the user ${user}`;
    case 'UserProfileChanged':
      return `changed the profile of the user ${user}`;
    case 'UserLoggedIn':
      return `recorded a sign-in of the user ${user}`;
    case 'UserDeactivated':
      return `deactivated the user ${user}`;
    case 'UserReactivated':
      return `reactivated the user ${user}`;
    case 'AccountOpened':
      return `opened the account ${quoted(data.name)}`;
    case 'FeatureEnabled':
      return `enabled the feature ${String(data.feature)}`;
    case 'FeatureDisabled':
      return `disabled the feature ${String(data.feature)}`;
    case 'CataloguePublished':
      return `published version ${String(data.version)} of the catalogue`;
    default:
      return `recorded ${type}`;
  }
}

const quoted = (name: unknown): string => (name == null ? 'that is not known any more' : `“${String(name)}”`);

function scopes(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return 'no scopes';
  return value.length <= 3
    ? value.join(', ')
    : `${value.slice(0, 2).join(', ')} and ${value.length - 2} more scopes`;
}
