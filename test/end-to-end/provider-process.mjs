import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

/**
 * A provider of OpenID Connect on loopback, as a process of its own: its package is ESM, which the tests cannot load. Lines
 * on stdin change it, and each is answered by a line on stdout.
 */

let keys = [];
let serving = null;

const newKey = async (id) => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: id, alg: 'ES256', use: 'sig' };
};

const configuration = () => ({
  jwks: { keys },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  clients: [
    {
      client_id: 'service',
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: 'console',
      client_secret: 'secret',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/console/callback'],
      post_logout_redirect_uris: ['http://127.0.0.1/console/'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  cookies: { keys: ['of a test'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_context, { accountId }) => ({
    rolebook_account: 'acme',
    ...(accountId ? { preferred_username: `${accountId}@example.com`, name: accountId } : {}),
  }),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'https://rolebook.example',
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: 'rolebook',
        // Other resources are audiences by their own names.
        audience: resource === 'https://rolebook.example' ? 'rolebook' : resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 600,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});

const provide = () => {
  serving = new Provider(issuer, configuration()).callback();
};

const server = http.createServer((request, response) => serving(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const issuer = `http://127.0.0.1:${port}`;
keys = [await newKey('key-0')];
provide();
process.stdout.write(`${issuer}\n`);

let count = 0;
const commands = {
  /** Signs with a new key; those of before stay published. */
  async rotate() {
    count += 1;
    keys = [await newKey(`key-${count}`), ...keys];
    provide();
  },
  /** Publishes the newest key alone. */
  async forget() {
    keys = keys.slice(0, 1);
    provide();
  },
  async down() {
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, 'close');
  },
  async up() {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  await commands[line]();
  process.stdout.write(`${line}\n`);
}
process.exit(0);
