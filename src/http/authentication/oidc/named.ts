import type { JWTPayload } from 'jose';
import { pointTo } from '../../../config/json-pointer';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import type { ExternalIdentity } from '../../../domain/user/events';
import { isId } from '../../../domain/vocabulary';

/** Names in the claims of a verified token: a person of an account, or an operator. */

export interface NamedPerson {
  readonly kind: 'person';
  readonly account: string;
  readonly identity: ExternalIdentity;
  /** Username and name for a registration; null where the token has none. */
  readonly username: string | null;
  readonly name: string | null;
}

export type Named =
  | NamedPerson
  | { readonly kind: 'operator' }
  /** Claims that name nobody, and why, for operators alone. */
  | { readonly kind: 'nobody'; readonly why: string };

/** Reads whom claims name, as the settings of their issuer say. It speaks for no account that they do not let it. */
export function namedBy(claims: JWTPayload, issuer: OidcIssuer): Named {
  if (isOperator(claims, issuer)) return { kind: 'operator' };
  const subject = pointTo(claims, issuer.subjectClaim);
  if (typeof subject !== 'string' || subject === '') return nobody('It names no subject.');
  const { account: from } = issuer;
  const account = 'fixed' in from ? from.fixed : pointTo(claims, from.claim);
  if (typeof account !== 'string' || !isId(account)) return nobody('It names no account.');
  if (issuer.accounts !== null && !issuer.accounts.includes(account))
    return nobody('Its issuer may not speak for the account.');
  return {
    kind: 'person',
    account,
    identity: { issuer: issuer.issuer, subject },
    username: textOf(claims['preferred_username']),
    name: textOf(claims['name']),
  };
}

function isOperator(claims: JWTPayload, { operator }: OidcIssuer): boolean {
  if (operator === null) return false;
  const found = pointTo(claims, operator.pointer);
  return Array.isArray(found) ? found.includes(operator.value) : found === operator.value;
}

const nobody = (why: string): Named => ({ kind: 'nobody', why });

const textOf = (claim: unknown): string | null =>
  typeof claim === 'string' && claim.trim() !== '' ? claim : null;
