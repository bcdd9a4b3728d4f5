import { identify, newRoleId, type KeyedIds } from '../../src/commands/identity';
import type { Command } from '../../src/commands/command';
import { accountStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { DEMO_ACCOUNT } from '../../src/operations/demo/seed';

/** One change to ask for, under a key; each of them changes something, so each must be in the log once. */
export interface Wish {
  readonly mutation: Command['type'];
  readonly input: Readonly<Record<string, unknown>>;
  readonly key: string;
  /** The stream that must hold it. */
  readonly stream: string;
}

const ADMIN = 'admin';
/** Disabled in the demo, and nothing else here depends on it. */
const FEATURE = 'DATA_EXPORT';

/** Follows from the key, so that it is known before any answer comes. */
export function commandIdOf({ mutation, key }: Pick<Wish, 'mutation' | 'key'>, ids?: KeyedIds): string {
  return identityOf(mutation, key, ids).commandId;
}

function identityOf(
  type: Command['type'],
  idempotencyKey: string,
  ids?: KeyedIds,
): ReturnType<typeof identify> {
  const actor = { type: 'user', id: ADMIN } as const;
  const context = { account: DEMO_ACCOUNT, actor, requestId: '', idempotencyKey };
  return identify({ type } as Command, context, { ids });
}

/** The role that all clients of all replicas change at once. */
export function hotRole(run: string): Wish & { readonly role: string } {
  return creation('createRole', `${run}-hot`, { name: `Hot ${run}` });
}

function creation(
  mutation: 'createRole' | 'duplicateRole',
  key: string,
  input: Wish['input'],
): Wish & { readonly role: string } {
  const role = newRoleId(identityOf(mutation, key));
  return { mutation, key, input, role, stream: roleStream(DEMO_ACCOUNT, role) };
}

/** A registration that depends on nothing else: what shows that a replica serves. */
export function probeWish(id: string): Wish {
  return {
    mutation: 'registerUser',
    input: { username: id, id: `User:${id}` },
    key: id,
    stream: userStream(DEMO_ACCOUNT, id),
  };
}

/** Every kind of mutation, for ever. `id` is the client's own; what it works on is its own but for the hot role. */
export function* wishesOf(id: string, hot: string, togglesFeature: boolean): Generator<Wish, never> {
  for (let cycle = 0; ; cycle += 1) {
    let step = 0;
    const name = `${id}-${cycle}`;
    const key = (): string => `${name}-${(step += 1)}`;
    const user = `u-${name}`;
    const onUser = (mutation: Command['type'], input: object = {}): Wish => ({
      mutation,
      input: { id: `User:${user}`, ...input },
      key: key(),
      stream: userStream(DEMO_ACCOUNT, user),
    });
    const onRole = (role: string, mutation: Command['type'], input: object = {}): Wish => {
      const named = /^(update|delete|duplicate)Role$/.test(mutation) ? 'id' : 'roleId';
      return {
        mutation,
        input: { [named]: `Role:${role}`, ...input },
        key: key(),
        stream: roleStream(DEMO_ACCOUNT, role),
      };
    };
    const userIds = [`User:${user}`];
    const permission = 'people/view';

    yield onUser('registerUser', { username: user, name: `Of ${name}` });
    yield onUser('updateUser', { name: `Renamed ${name}` });
    yield onUser('recordLogin');
    const grants = [{ permission: 'logs/view' }, { permission: 'campaigns/launch' }];
    const created = creation('createRole', key(), { name: `Role ${name}`, grants, userIds });
    yield created;
    const { role } = created;
    yield onRole(role, 'grantPermissions', { grants: [{ permission }] });
    yield onRole(role, 'setPermissionScopes', { permission, scopes: [] });
    yield onRole(role, 'revokePermissions', { permissions: [permission] });
    yield onRole(role, 'selectSection', { section: 'conversations', selected: true });
    yield onRole(role, 'selectSection', { section: 'conversations', selected: false });
    yield onRole(role, 'updateRole', { name: `Saved ${name}`, description: 'x', unassignUserIds: userIds });
    yield onRole(hot, 'assignUsers', { userIds });
    yield onRole(hot, 'updateRole', { description: `By ${name}` });
    const copyInput = { id: `Role:${role}`, name: `Copy ${name}` };
    const copy = creation('duplicateRole', key(), copyInput);
    yield copy;
    yield onRole(copy.role, 'deleteRole');
    yield onUser('deactivateUser');
    yield onUser('reactivateUser');
    yield onRole(hot, 'unassignUsers', { userIds });
    if (!togglesFeature) continue;
    for (const mutation of ['enableFeature', 'disableFeature'] as const)
      yield { mutation, input: { feature: FEATURE }, key: key(), stream: accountStream(DEMO_ACCOUNT) };
  }
}
