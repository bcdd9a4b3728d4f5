import type { JWTPayload } from 'jose';
import type { ReadModels } from '../../../../projections/view';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import { writePointer } from '../../../config/json-pointer';
import { InvalidTokenError } from '../identity';
import { AccessTokens, decoded } from './access-tokens';
import { IssuerAwayError } from './issuer-keys';
import { namedBy, type NamedPerson } from './named';

/** Findings on a token, for an operator who asks why somebody cannot sign in. Nobody is signed in by it. */

/** Name and text of something that was found. */
export type Finding = readonly [what: string, found: string];

/** Explains a token: whether it is taken, whom it names, and what that user may do. The token itself is in no finding. */
export async function explainToken(
  token: string,
  issuers: readonly OidcIssuer[],
  readModels: Pick<ReadModels, 'view'>,
): Promise<Finding[]> {
  const parts = await decoded(token).catch(() => null);
  if (parts === null) return [['taken', 'no: It is no JWT.']];
  const { header, claims } = parts;
  const issuer = issuers.find((each) => each.issuer === claims.iss);
  return [
    ['taken', await verdict(token, issuers)],
    ['algorithm, type, key', [header.alg, header.typ, header.kid].map(shown).join(', ')],
    ['issuer', shown(claims.iss)],
    ['audience', shown(claims.aud)],
    ['issued', moment(claims.iat)],
    ['not before', moment(claims.nbf)],
    ['expires', moment(claims.exp)],
    ...(issuer ? namedIn(claims, issuer, readModels) : []),
  ];
}

async function verdict(token: string, issuers: readonly OidcIssuer[]): Promise<string> {
  const tokens = new AccessTokens(issuers);
  try {
    await tokens.verify(token);
    return 'yes';
  } catch (error) {
    if (error instanceof InvalidTokenError) return `no: ${error.message}`;
    if (error instanceof IssuerAwayError) return 'not known: the issuer cannot be asked for its keys';
    throw error;
  } finally {
    tokens.close();
  }
}

/** Findings on whom the claims name, whether the token is taken or not: one that has expired is still worth asking about. */
function namedIn(claims: JWTPayload, issuer: OidcIssuer, readModels: Pick<ReadModels, 'view'>): Finding[] {
  const from = 'fixed' in issuer.account ? 'the settings' : writePointer(issuer.account.claim);
  const named = namedBy(claims, issuer);
  if (named.kind === 'operator') return [['names', 'an operator']];
  if (named.kind === 'nobody') return [['names', `nobody: ${named.why}`]];
  return [
    ['names', 'a person'],
    [`subject (${writePointer(issuer.subjectClaim)})`, shown(named.identity.subject)],
    [`account (${from})`, named.account],
    ...userFor(named, issuer, readModels),
  ];
}

function userFor(
  { account, identity, username }: NamedPerson,
  { register }: OidcIssuer,
  readModels: Pick<ReadModels, 'view'>,
): Finding[] {
  const view = readModels.view(account);
  if (view.accountInfo() === null) return [['user', 'none: there is no such account']];
  const [id = null] = view.userIdsByIdentity([identity]);
  const user = id === null ? undefined : view.users([id]).get(id);
  if (user === undefined)
    return [
      [
        'user',
        !register
          ? 'none: the identity is linked to nobody'
          : username === null
            ? 'none: the identity is linked to nobody, and a registration needs the claim preferred_username'
            : `none yet: the first request registers ${shown(username)}, unless the username is taken`,
      ],
    ];
  const { granted } = view.effective([user.id]).get(user.id) ?? { granted: [] };
  return [
    ['user', `User:${user.id}, ${user.username}, ${user.status}`],
    ['roles', view.rolesOf([user.id]).get(user.id)?.join('\n') || 'none'],
    ['permissions', granted.map(({ permission }) => permission).join('\n') || 'none'],
  ];
}

/** Shows what a token says, which may be anything, as JSON in which no character moves a cursor. */
const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? 'none').replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );

const moment = (seconds: number | undefined): string => {
  if (seconds === undefined) return 'not said';
  const time = new Date(Number(seconds) * 1_000);
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
};
