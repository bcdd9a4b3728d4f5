import type { EffectivePermissions, ReadModels, UserRow } from '../../../../projections/view';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import { InvalidTokenError } from '../identity';
import { AccessTokens, decoded, type VerifiedToken } from './access-tokens';
import { checksOf, type TokenCheck } from './checks';
import { IssuerAwayError } from './issuer-keys';
import { namedBy, type Named, type NamedPerson } from './named';
import { shown } from './shown';

/** Explanation of an access token for an operator: whom it names, and what they may do. Nobody is signed in by it. */

export interface Explanation {
  readonly taken: Taken;
  /** Null: it is no JWT, and there is nothing more to say. */
  readonly token: ExplainedToken | null;
}

/** Verdict of the code that lets requests in; null: it cannot be known now. */
export interface Taken {
  readonly isTaken: boolean | null;
  /** Empty for a token that is taken. */
  readonly why: string;
}

export interface ExplainedToken extends Pick<VerifiedToken, 'header' | 'claims'> {
  readonly checks: readonly TokenCheck[];
  /** The issuer that it names, as it is in the settings; null: none of them. */
  readonly issuer: OidcIssuer | null;
  /** Person or operator of the claims, taken or not: a token that has expired is still worth asking about. */
  readonly named: Named | null;
  /** Null where the claims name no person. */
  readonly person: PersonFound | null;
}

/** A person's user; null, and why there is none; null again: the first request registers the person. */
export type PersonFound =
  | { readonly user: null; readonly why: string | null }
  | {
      readonly user: UserRow;
      /** Roles that the user holds. */
      readonly roles: readonly RoleFound[];
      readonly effective: EffectivePermissions;
    };

export interface RoleFound {
  readonly id: string;
  readonly name: string;
}

/** Explains a token. It is read alone: nothing is registered, recorded or logged. */
export async function explanationOf(
  token: string,
  issuers: readonly OidcIssuer[],
  readModels: Pick<ReadModels, 'view'>,
): Promise<Explanation> {
  const parts = await decoded(token).catch(() => null);
  if (parts === null) return { taken: { isTaken: false, why: 'It is no JWT.' }, token: null };
  const issuer = issuers.find((each) => each.issuer === parts.claims.iss) ?? null;
  const named = issuer && namedBy(parts.claims, issuer);
  const person = issuer && named?.kind === 'person' ? personFor(named, issuer, readModels) : null;
  const tokens = new AccessTokens(issuer ? [issuer] : []);
  try {
    const taken = await verdict(token, tokens);
    const checks = await checksOf(token, parts, issuer, tokens);
    return { taken, token: { ...parts, checks, issuer, named, person } };
  } finally {
    tokens.close();
  }
}

async function verdict(token: string, tokens: AccessTokens): Promise<Taken> {
  try {
    await tokens.verify(token);
    return { isTaken: true, why: '' };
  } catch (error) {
    if (error instanceof InvalidTokenError) return { isTaken: false, why: error.message };
    if (error instanceof IssuerAwayError)
      return { isTaken: null, why: 'the issuer cannot be asked for its keys' };
    throw error;
  }
}

function personFor(
  person: NamedPerson,
  issuer: OidcIssuer,
  readModels: Pick<ReadModels, 'view'>,
): PersonFound {
  const view = readModels.view(person.account);
  if (view.accountInfo() === null) return { user: null, why: 'there is no such account' };
  const [id = null] = view.userIdsByIdentity([person.identity]);
  const user = id === null ? undefined : view.users([id]).get(id);
  if (user === undefined) {
    const holder = person.username === null ? undefined : [...view.userIds([person.username]).values()][0];
    return { user: null, why: unlinked(person, issuer, holder) };
  }
  const held = view.rolesOf([user.id]).get(user.id) ?? [];
  const names = view.roles(held);
  return {
    user,
    roles: held.map((role) => ({ id: role, name: names.get(role)?.name ?? role })),
    effective: view.effective([user.id]).get(user.id) ?? { granted: [], withheld: [] },
  };
}

/** Reasons for which an identity is no user's. `holder`: the user who has the username that a registration would take. */
function unlinked(
  { username }: NamedPerson,
  { register }: OidcIssuer,
  holder: string | undefined,
): string | null {
  const nobody = 'the identity is linked to nobody';
  if (!register) return nobody;
  if (username === null) return `${nobody}, and a registration needs the claim preferred_username`;
  if (holder === undefined) return null;
  return `${nobody}, and the username ${shown(username)} is that of User:${holder}: link the identity if it is the same person`;
}
