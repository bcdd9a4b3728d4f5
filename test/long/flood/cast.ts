import { loadConfig } from '../../../src/config/config';
import { issueOperatorToken, issueToken } from '../../../src/http/authentication/local-tokens';
import { loadSigningKey } from '../../../src/http/authentication/signing-key';
import { DEMO_ACCOUNT } from '../../../src/operations/demo/seed';
import type { Installation, ServerProcess } from '../../end-to-end/installation';
import { Actor } from './actors';
import type { Known } from './known';

/** Callers, and what there is to ask about: read from the demo over GraphQL, as a client would. */

const STOCK = `{
  permissionCatalogue { features { key required } sections { key permissions { key privileged scopes { name } } } }
  roles(first: 200) { edges { node { id kind } } }
  users(first: 200) { edges { node { id username status roles { id kind } } } }
}`;

interface Stock {
  readonly permissionCatalogue: {
    readonly features: readonly { readonly key: string; readonly required: boolean }[];
    readonly sections: readonly {
      readonly key: string;
      readonly permissions: readonly {
        readonly key: string;
        readonly privileged: boolean;
        readonly scopes: readonly { readonly name: string }[];
      }[];
    }[];
  };
  readonly roles: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly kind: string } }[];
  };
  readonly users: { readonly edges: readonly { readonly node: StockUser }[] };
}

interface StockUser {
  readonly id: string;
  readonly username: string;
  readonly status: string;
  readonly roles: readonly { readonly id: string; readonly kind: string }[];
}

/** Some whose rights and status change meanwhile. */
const BYSTANDERS = 3;
const ADMIN = 'Role:account-admin';

export interface Cast {
  readonly actors: readonly Actor[];
  readonly operatorToken: string;
}

/**
 * One user of each default role, whom nothing happens to, so that requests go on being accepted; and some others to
 * whom everything may happen. All but the first are put into `known`, which requests choose from.
 */
export async function assemble(
  server: ServerProcess,
  installation: Installation,
  known: Known,
): Promise<Cast> {
  const { data, errors } = await server.graphql<Stock>(STOCK);
  if (errors) throw new Error(JSON.stringify(errors));
  fill(known, data);
  const users = data.users.edges.map(({ node }) => node).filter(({ status }) => status === 'ACTIVE');
  const chosen = new Map<string, StockUser>();
  for (const role of known.defaultRoles) {
    // The member with the fewest roles shows best what the role alone may do.
    const holders = users.filter(({ roles }) => roles.some(({ id }) => id === role));
    const [best] = holders.sort((a, b) => a.roles.length - b.roles.length);
    if (!best) throw new Error(`Nobody in the demo has the role ${role}.`);
    chosen.set(best.id, best);
  }
  const others = users.filter(({ id, roles }) => !chosen.has(id) && !roles.some((role) => role.id === ADMIN));
  for (const { id } of others) known.addUser(id);
  const key = loadSigningKey(loadConfig(installation.settings));
  const actorOf = async ({ id, roles }: StockUser): Promise<Actor> => {
    const user = id.replace(/^User:/, '');
    const token = await issueToken(key, { account: DEMO_ACCOUNT, user });
    const defaults = roles
      .filter(({ kind }) => kind === 'DEFAULT')
      .map((role) => role.id.replace(/^Role:/, ''));
    return new Actor(user, token, defaults);
  };
  const actors = await Promise.all([...chosen.values(), ...others.slice(0, BYSTANDERS)].map(actorOf));
  const day = new Date(Date.now() + 86_400_000);
  return { actors, operatorToken: await issueOperatorToken(key, { expiresAt: day }) };
}

function fill(known: Known, { permissionCatalogue, roles, users }: Stock): void {
  for (const { key, required } of permissionCatalogue.features) if (!required) known.features.push(key);
  for (const { key, permissions } of permissionCatalogue.sections) {
    known.sections.push(key);
    for (const { scopes, ...permission } of permissions)
      known.permissions.push({ ...permission, scopes: scopes.map(({ name }) => name) });
  }
  for (const { node } of roles.edges) {
    if (node.kind === 'DEFAULT') known.defaultRoles.push(node.id);
    else known.addRole(node.id);
  }
  for (const { node } of users.edges) known.usernames.push(node.username);
}
