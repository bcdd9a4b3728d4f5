import type { ReadModels } from '../../../../projections/view';
import { writePointer } from '../../../config/json-pointer';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import { explanationOf, type ExplainedToken, type PersonFound, type Taken } from './explanation';
import type { NamedPerson } from './named';
import { moment, shown } from './shown';

/** Findings on a token, for an operator who asks why somebody cannot sign in. */

/** Name and text of something that was found. */
export type Finding = readonly [what: string, found: string];

/** Explains a token: whether it is taken, whom it names, and what that user may do. The token itself is in no finding. */
export async function explainToken(
  token: string,
  issuers: readonly OidcIssuer[],
  readModels: Pick<ReadModels, 'view'>,
): Promise<Finding[]> {
  const { taken, token: explained } = await explanationOf(token, issuers, readModels);
  if (explained === null) return [['taken', verdict(taken)]];
  const { header, claims, checks } = explained;
  return [
    ['taken', verdict(taken)],
    ...checks.map(({ check, result, why }): Finding => [
      `check: ${check}`,
      why === null ? result : `${result}: ${why}`,
    ]),
    ['algorithm, type, key', [header.alg, header.typ, header.kid].map(shown).join(', ')],
    ['issuer', shown(claims.iss)],
    ['audience', shown(claims.aud)],
    ['issued', moment(claims.iat)],
    ['not before', moment(claims.nbf)],
    ['expires', moment(claims.exp)],
    ...namedIn(explained),
  ];
}

const verdict = ({ isTaken, why }: Taken): string =>
  isTaken === null ? `not known: ${why}` : isTaken ? 'yes' : `no: ${why}`;

/** Findings on whom the claims name. */
export function namedIn({ issuer, named, person }: Omit<ExplainedToken, 'checks'>): Finding[] {
  if (issuer === null || named === null) return [];
  if (named.kind === 'operator') return [['names', 'an operator']];
  if (named.kind === 'nobody') return [['names', `nobody: ${named.why}`]];
  const from = 'fixed' in issuer.account ? 'the settings' : writePointer(issuer.account.claim);
  return [
    ['names', 'a person'],
    [`subject (${writePointer(issuer.subjectClaim)})`, shown(named.identity.subject)],
    [`account (${from})`, named.account],
    ...(person === null ? [] : userIn(named, person)),
  ];
}

function userIn({ username }: NamedPerson, person: PersonFound): Finding[] {
  if (person.user === null)
    return [
      [
        'user',
        person.why === null
          ? `none yet: the first request registers ${shown(username)}, unless the username is taken`
          : `none: ${person.why}`,
      ],
    ];
  const { user, roles, effective } = person;
  const permissions = effective.granted.map(({ permission, via }) => `${permission} by ${via.join(', ')}`);
  return [
    ['user', `User:${user.id}, ${user.username}, ${user.status}`],
    ['roles', roles.map(({ id }) => id).join('\n') || 'none'],
    ['permissions', permissions.join('\n') || 'none'],
  ];
}
