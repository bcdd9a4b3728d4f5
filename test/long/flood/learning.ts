import type { Known } from './known';
import type { Change } from './request';

/** Learns from an accepted change what is there now. */
export function learn(known: Known, { command, input }: Change, payload: object): void {
  const { role, user, apiKey, position } = payload as {
    readonly role?: { readonly id?: string } | null;
    readonly user?: { readonly id?: string } | null;
    readonly apiKey?: { readonly id?: string } | null;
    readonly position?: string | null;
  };
  if (position) known.addPosition(position);
  if (command === 'deleteRole') known.removeRole(String(input['id']));
  else if (command === 'grantPermissions') known.granted(String(input['roleId']), permissionsIn(input));
  else if (command === 'createRole' && role?.id) known.addRole(role.id, permissionsIn(input));
  else if (command === 'duplicateRole' && role?.id) known.addRole(role.id);
  else if (command === 'deactivateUser') known.addUser(String(input['id']), false);
  else if ((command === 'registerUser' || command === 'reactivateUser') && user?.id) known.addUser(user.id);
  else if (command === 'eraseUser') known.eraseUser(String(input['id']));
  else if (command === 'releaseUsername') known.releaseUsername(String(input['username']));
  else if (command === 'createApiKey' && apiKey?.id) known.addApiKey(apiKey.id);
  else if (command === 'revokeApiKey') known.removeApiKey(String(input['id']));
  if (command === 'registerUser' && input['kind'] === 'SERVICE' && user?.id) known.addServiceUser(user.id);
  const id = user?.id ?? input['id'];
  if ((command === 'registerUser' || command === 'updateUser') && typeof input['username'] === 'string')
    known.nameUser(String(id), input['username']);
}

const permissionsIn = ({ grants }: Change['input']): string[] =>
  Array.isArray(grants) ? grants.map((grant: { permission: string }) => grant.permission) : [];
