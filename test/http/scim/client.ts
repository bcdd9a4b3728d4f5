import { ADMIN, type AnyData, type RequestOptions, type TestServer } from '../harness';

/** A client of SCIM over HTTP. */

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnyData;
}

export type Scim = (
  method: string,
  path: string,
  body?: unknown,
  options?: RequestOptions,
) => Promise<ScimAnswer>;

/** Sends a request below `/scim/v2`; a text as it is, anything else as JSON. Checks the form of every answer. */
export const scimClient =
  (server: TestServer): Scim =>
  async (method, path, body, { as = ADMIN, account, headers } = {}) => {
    const response = await fetch(`${server.url}/scim/v2${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...(as === null ? {} : { authorization: `Bearer ${await server.token(as, account)}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
    if (text) expect(response.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
    if (response.status >= 400)
      expect(answer.body).toMatchObject({
        schemas: [ERROR],
        status: String(response.status),
        detail: expect.stringMatching(/^[A-Z_]+: (?!undefined).+[.]$/),
      });
    return answer;
  };

/** Status, type and code of an error. */
export const faultOf = ({ status, body }: ScimAnswer): unknown[] => [
  status,
  ...(body['scimType'] ? [body['scimType']] : []),
  String(body['detail']).split(':')[0],
];

export const patch = (...operations: object[]): object => ({ schemas: [PATCH_OP], Operations: operations });
