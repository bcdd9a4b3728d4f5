import type { ScimType } from '../../scim/errors';
import type { ErrorCode } from '../failure';

/** Errors in the shape of SCIM (RFC 7644, section 3.12). */

export const SCIM_TYPE = 'application/scim+json; charset=utf-8';

export interface ScimFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly scimType?: ScimType | null;
}

/** SCIM has no member for our code: it begins the text. */
export const scimFailure = (status: number, { code, message, scimType }: ScimFault): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: String(status),
  ...(scimType ? { scimType } : code === 'BAD_REQUEST' ? { scimType: 'invalidSyntax' } : {}),
  detail: `${code}: ${message}`,
});
