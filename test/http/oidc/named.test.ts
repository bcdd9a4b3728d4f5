import type { JWTPayload } from 'jose';
import type { OidcIssuer } from '../../../src/config/oidc-issuer';
import { namedBy } from '../../../src/http/authentication/oidc/named';

/** Persons, operators and nobody, as claims name them. */

const ISSUER = 'https://login.example.com';
const issuer = (given: Partial<OidcIssuer> = {}): OidcIssuer => ({
  issuer: ISSUER,
  audience: 'rolebook',
  tokenType: 'at+jwt',
  subjectClaim: ['sub'],
  account: { claim: ['rolebook_account'] },
  accounts: null,
  register: false,
  operator: null,
  client: null,
  ...given,
});
const CLAIMS = { sub: 's', rolebook_account: 'acme' };

test('A person of the account of the claim', () => {
  const claims = { ...CLAIMS, preferred_username: 'ada', name: 'Ada', email: 'x@example.com' };
  expect(namedBy(claims, issuer())).toEqual({
    kind: 'person',
    account: 'acme',
    identity: { issuer: ISSUER, subject: 's' },
    username: 'ada',
    name: 'Ada',
  });
  expect(namedBy(CLAIMS, issuer())).toMatchObject({ username: null, name: null });
});

test('Other claims, where the settings name them', () => {
  const claims = { sub: 'pairwise', oid: 'o-1', 'https://x.example/account': { id: 'beta' } };
  const given = issuer({ subjectClaim: ['oid'], account: { claim: ['https://x.example/account', 'id'] } });
  expect(namedBy(claims, given)).toMatchObject({ account: 'beta', identity: { subject: 'o-1' } });
  expect(
    namedBy({ ...CLAIMS, rolebook_account: 'beta' }, issuer({ account: { fixed: 'acme' } })),
  ).toMatchObject({
    account: 'acme',
  });
});

test.each<[string, JWTPayload, Partial<OidcIssuer>]>([
  ['no subject', { rolebook_account: 'acme' }, {}],
  ['an empty subject', { ...CLAIMS, sub: '' }, {}],
  ['a subject that is no text', { ...CLAIMS, sub: 7 as never }, {}],
  ['several subjects', { ...CLAIMS, sub: ['a', 'b'] as never }, {}],
  ['no account', { sub: 's' }, {}],
  ['what is no id of an account', { ...CLAIMS, rolebook_account: '../acme' }, {}],
  ['several accounts', { ...CLAIMS, rolebook_account: ['acme'] }, {}],
  ['an account that the issuer may not speak for', CLAIMS, { accounts: ['beta'] }],
  [
    'a subject that every object has',
    { rolebook_account: 'acme' },
    { subjectClaim: ['constructor', 'name'] },
  ],
])('Nobody, by %s', (_what, claims, given) => {
  expect(namedBy(claims, issuer(given))).toMatchObject({ kind: 'nobody' });
});

test('An account that the issuer may speak for', () => {
  expect(namedBy(CLAIMS, issuer({ accounts: ['beta', 'acme'] }))).toMatchObject({ account: 'acme' });
});

test('An operator, by the value of a claim or one in its list, where the settings say so', () => {
  const operator = { pointer: ['roles'], value: 'ops' };
  for (const roles of ['ops', ['x', 'ops']])
    expect(namedBy({ ...CLAIMS, roles }, issuer({ operator }))).toEqual({ kind: 'operator' });
  for (const roles of [undefined, '', 'OPS', 'ops2', ['x'], { ops: true }, true, [['ops']]])
    expect(namedBy({ ...CLAIMS, roles }, issuer({ operator }))).toMatchObject({ kind: 'person' });
  expect(namedBy({ ...CLAIMS, roles: 'ops' }, issuer())).toMatchObject({ kind: 'person' });
});
