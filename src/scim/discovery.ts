import { ScimError } from './errors';
import { MOST_RESULTS } from './user-list';
import { USERS } from './resource';
import { USER_SCHEMA, userDefinition } from './schema';

/** Descriptions of the part of SCIM that there is (RFC 7644, section 4), for clients that ask before they begin. */

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

/** `base`: address of SCIM, here and below. */
export const serviceProviderConfig = (base: string): object => ({
  schemas: [`${CORE}:ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST_RESULTS },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'The token of a user of the account, sent as `Authorization: Bearer ...` (RFC 6750).',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

export const resourceTypes = (base: string): object => listOf([userType(base)]);
export const schemas = (base: string): object => listOf([userDefinition.describe(`${base}/Schemas`)]);

/** @throws ScimError 404 */
export function resourceType(base: string, id: string): object {
  if (id !== 'User') throw new ScimError(404, 'NOT_FOUND', 'There is no such resource type.');
  return userType(base);
}

/** @throws ScimError 404 */
export function schema(base: string, id: string): object {
  if (id !== USER_SCHEMA) throw new ScimError(404, 'NOT_FOUND', 'There is no such schema.');
  return userDefinition.describe(`${base}/Schemas`);
}

const userType = (base: string): object => ({
  schemas: [`${CORE}:ResourceType`],
  id: 'User',
  name: 'User',
  endpoint: USERS,
  description: userDefinition.description,
  schema: USER_SCHEMA,
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
});

const listOf = (resources: readonly object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});
