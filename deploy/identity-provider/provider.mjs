import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { Provider } from 'oidc-provider';
import { keysIn } from './keys.mjs';
import { INTERACTION, interactions } from './interactions.mjs';
import { settings } from './settings.mjs';

/**
 * A provider of OpenID Connect for trying Rolebook out, and for nothing else: its people are made up, they have one
 * password, and it forgets who is signed in when it stops. Its tokens are those of a real one: JWTs of RFC 9068.
 */

/** Scope of the API, by which an access token is one for it. */
const SCOPE = 'rolebook';
const TOKEN_S = 3_600;

const { issuer, host, audience, account, folder, password, serviceSecret, callback } = settings();
const people = JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8'));
const personOf = (subject) => people.find((person) => person.subject === subject);

mkdirSync(folder, { recursive: true, mode: 0o700 });
const keys = keysIn(folder);

const clients = [
  {
    client_id: 'service',
    client_secret: serviceSecret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  },
  {
    // A public client: PKCE takes the place of a secret.
    client_id: 'console',
    token_endpoint_auth_method: 'none',
    redirect_uris: [callback],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  },
];

/** Claims from which Rolebook knows the account, and registers whoever comes for the first time. */
function claimsOf({ accountId, clientId }) {
  const { username = clientId, name = clientId, roles } = personOf(accountId) ?? {};
  return { rolebook_account: account, preferred_username: username, name, ...(roles ? { roles } : {}) };
}

/** Gives the clients here what they ask for without asking the person: all of them are of the same house. */
async function grantOf(context) {
  const { client, session, provider } = context.oidc;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(audience, SCOPE);
  await grant.save();
  return grant;
}

const configuration = {
  jwks: { keys: [keys.signing] },
  cookies: { keys: [keys.cookies] },
  clients,
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
  findAccount: (_context, id) =>
    personOf(id) && {
      accountId: id,
      claims: () => ({ sub: id, name: personOf(id).name, preferred_username: personOf(id).username }),
    },
  extraTokenClaims: (_context, token) => claimsOf(token),
  loadExistingGrant: grantOf,
  interactions: { url: (_context, { uid }) => `${INTERACTION}${uid}` },
  ttl: { Session: 8 * 3_600, Grant: 8 * 3_600, Interaction: 3_600, IdToken: TOKEN_S },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: TOKEN_S,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
};

const server = http.createServer();
server.listen(Number(issuer.port || 80), host ?? issuer.hostname, () => {
  issuer.port = String(server.address().port);
  const provider = new Provider(issuer.origin, configuration);
  const answer = provider.callback();
  const interact = interactions(provider, { people, password });
  server.on('request', (request, response) =>
    request.url.startsWith(INTERACTION) ? interact(request, response) : answer(request, response),
  );
  process.stdout.write(`The identity provider serves on ${issuer.origin}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
