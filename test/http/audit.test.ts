import { serverAudits } from 'graphql-http';
import { ADMIN, startTestServer, type TestServer } from './harness';

/** The audits of the GraphQL over HTTP specification that `graphql-http` publishes, run on this server. */

/** Queries in addresses are kept by proxies, logs and browsers: there are none. */
const NO_GET = 'notice: Response status code is not 200';
/** Audits that expect 200 for a request that fails before it runs: it is 400 here, so that no monitor takes it for an answer. */
const NO_200 = 'warn: Response status code is not 200';

/** Audits from which this server differs on purpose. */
const CHOSEN: Readonly<Record<string, string>> = {
  'MAY accept application/x-www-form-urlencoded formatted GET requests': NO_GET,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json':
    NO_GET,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json': NO_GET,
  'SHOULD use 200 status code on document parsing failure when accepting application/json': NO_200,
  'SHOULD use 200 status code on document validation failure when accepting application/json': NO_200,
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json': NO_200,
};

const audits = (server?: { readonly url: string; readonly authorization: string }) =>
  serverAudits({
    url: () => `${server?.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), authorization: server?.authorization ?? '' },
      }),
  });

describe('GraphQL over HTTP', () => {
  let server: TestServer;
  let results: Map<string, string>;
  beforeAll(async () => {
    server = await startTestServer();
    const authorization = `Bearer ${await server.token(ADMIN)}`;
    results = new Map();
    for (const audit of audits({ url: server.url, authorization })) {
      const result = await audit.fn();
      results.set(
        audit.name,
        result.status === 'ok' ? 'ok' : `${result.status}: ${'reason' in result ? result.reason : ''}`,
      );
    }
  }, 60_000);
  afterAll(() => server.close());

  test.each(audits().map(({ name }) => [name]))('%s', (name) => {
    expect(results.get(name)).toBe(CHOSEN[name] ?? 'ok');
  });
});
