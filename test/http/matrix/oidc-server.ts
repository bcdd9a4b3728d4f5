import { startTestServer } from '../harness';
import { AUDIENCE, newKey, TestIssuer } from '../oidc/issuer';
import { CONSOLE_CLIENT, OPERATOR_ROLE, type Issuing } from './oidc-callers';

/** A server in oidc mode, with an issuer on a loopback address; neither failures nor costs are counted, or all ends with 429. */

export interface OidcServer extends Issuing {
  close(): Promise<void>;
}

export async function startOidcServer(): Promise<OidcServer> {
  const key = await newKey('key-1');
  const [issuer, stranger] = [await TestIssuer.start(key), await TestIssuer.start(key)];
  const server = await startTestServer({
    environment: {
      ROLEBOOK_OIDC_ISSUER: issuer.url,
      ROLEBOOK_OIDC_AUDIENCE: AUDIENCE,
      ROLEBOOK_OIDC_CLIENT_ID: CONSOLE_CLIENT,
      ROLEBOOK_OIDC_OPERATOR: `/roles=${OPERATOR_ROLE}`,
      ROLEBOOK_RATE_LIMIT: '0',
      ROLEBOOK_COST_LIMIT: '0',
    },
  });
  return {
    server,
    issuer,
    stranger,
    key,
    async close() {
      await server.close();
      await Promise.all([issuer.stop(), stranger.stop()]);
    },
  };
}
