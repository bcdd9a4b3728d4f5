import { readFileSync } from 'node:fs';
import { issuersOf } from './oidc-file';
import { ISSUER_DEFAULTS, issuerOf, type IssuerEntry, type OidcIssuer } from './oidc-issuer';
import type { Setting, SettingsReader } from './settings-reader';

/** Issuers of access tokens: one from settings of its own, or several from a file. */

export const OIDC_SETTINGS = {
  oidcIssuer: {
    name: 'ROLEBOOK_OIDC_ISSUER',
    default: '',
    description:
      'Issuer of access tokens, exactly as its tokens name it: `https://login.example.com/realms/main`. With it Rolebook takes the tokens of this issuer, and none that the command line makes; `HOST` may then be any address. It is `https`, or `http` on a loopback address.',
  },
  oidcAudience: {
    name: 'ROLEBOOK_OIDC_AUDIENCE',
    default: '',
    description: 'Audience that access tokens must have: the name of this API at the issuer.',
  },
  oidcTokenType: {
    name: 'ROLEBOOK_OIDC_TOKEN_TYPE',
    default: ISSUER_DEFAULTS.tokenType,
    description:
      'Exact `typ` in the header of access tokens. `JWT` for Entra ID, Keycloak and the default profile of Auth0, which do not send the type of RFC 9068.',
  },
  oidcSubjectClaim: {
    name: 'ROLEBOOK_OIDC_SUBJECT_CLAIM',
    default: ISSUER_DEFAULTS.subjectClaim,
    description:
      'Claim that says who it is, as a JSON pointer. `/oid` on Entra ID, where `sub` is another one for each application.',
  },
  oidcAccountClaim: {
    name: 'ROLEBOOK_OIDC_ACCOUNT_CLAIM',
    default: ISSUER_DEFAULTS.accountClaim,
    description: 'Claim that names the account, as a JSON pointer.',
  },
  oidcAccount: {
    name: 'ROLEBOOK_OIDC_ACCOUNT',
    default: '',
    description: 'The one account that all tokens are of, in place of a claim.',
  },
  oidcRegister: {
    name: 'ROLEBOOK_OIDC_REGISTER',
    default: 'off',
    description:
      '`on`: a subject that is linked to nobody becomes a user without roles at the first request, from the claims `preferred_username` and `name`. `off`: it is refused.',
  },
  oidcOperator: {
    name: 'ROLEBOOK_OIDC_OPERATOR',
    default: '',
    description:
      'Claim by which a token is that of an operator, as `pointer=value`: `/roles=rolebook-operator`. A list that has the value does, too. Left out: no token is.',
  },
  oidcClientId: {
    name: 'ROLEBOOK_OIDC_CLIENT_ID',
    default: '',
    description:
      'Client under which the console signs people in. It must differ from the audience: a token that is meant for a client is no access token.',
  },
  oidcClientSecret: {
    name: 'ROLEBOOK_OIDC_CLIENT_SECRET',
    default: '',
    description:
      'The secret of that client, or `ROLEBOOK_OIDC_CLIENT_SECRET_FILE`. Left out: a public client, which has PKCE alone.',
    secret: true,
  },
  oidcScope: {
    name: 'ROLEBOOK_OIDC_SCOPE',
    default: ISSUER_DEFAULTS.scope,
    description:
      'Scopes that the console asks for, with spaces between, `openid` among them. On Entra ID `openid <audience>/.default`.',
  },
  oidcAudienceParameter: {
    name: 'ROLEBOOK_OIDC_AUDIENCE_PARAMETER',
    default: '',
    description:
      'Parameter by which the console asks for a token of the audience: `resource` (RFC 8707), `audience` (Auth0) or `none`, where scopes or the client decide (Entra ID, Keycloak). Left out: `resource` where the audience is an address of http, else `none`.',
  },
  oidcSignOut: {
    name: 'ROLEBOOK_OIDC_SIGN_OUT',
    default: ISSUER_DEFAULTS.signOut,
    description:
      '`provider`: whoever signs out of the console is led to the provider, to sign out there too, and comes back to `<origin>/console/`, which must be an address for that at the provider. `here`: the session of the console ends, that of the provider goes on.',
  },
  oidcFile: {
    name: 'ROLEBOOK_OIDC_FILE',
    default: '',
    description:
      'File with several issuers as JSON, in place of the settings above; see [signing in](operating.md#signing-in-with-a-provider).',
  },
} as const satisfies Record<string, Setting>;

/** The issuers of the settings; null: none, which is local mode. Faults go to the reader. */
export function readOidc(read: SettingsReader): readonly OidcIssuer[] | null {
  const { oidcIssuer, oidcFile, ...others } = OIDC_SETTINGS;
  const beside = Object.values<Setting>(others).filter((setting) => read.givenOrInFile(setting));
  if (read.given(oidcFile)) {
    for (const { name } of [...(read.given(oidcIssuer) ? [oidcIssuer] : []), ...beside])
      read.faults.push(`${name} and ROLEBOOK_OIDC_FILE are both set: the file says it for each issuer.`);
    return readFile(read);
  }
  if (!read.given(oidcIssuer)) {
    for (const { name } of beside)
      read.faults.push(`${name} is set without ROLEBOOK_OIDC_ISSUER, which it belongs to.`);
    return null;
  }
  const entry: IssuerEntry = {
    issuer: read.text(oidcIssuer),
    audience: read.text(others.oidcAudience),
    tokenType: read.text(others.oidcTokenType),
    subjectClaim: read.text(others.oidcSubjectClaim),
    accountClaim: read.text(others.oidcAccountClaim),
    account: read.text(others.oidcAccount),
    accounts: null,
    register: read.oneOf(others.oidcRegister, ['on', 'off']) === 'on',
    operator: read.text(others.oidcOperator),
    clientId: read.text(others.oidcClientId),
    clientSecret: read.text(others.oidcClientSecret),
    scope: read.text(others.oidcScope),
    audienceParameter: read.text(others.oidcAudienceParameter),
    signOut: read.text(others.oidcSignOut),
  };
  if (read.given(others.oidcAccount) && read.given(others.oidcAccountClaim))
    read.faults.push('ROLEBOOK_OIDC_ACCOUNT and ROLEBOOK_OIDC_ACCOUNT_CLAIM are both set: set one.');
  return [issuerOf(entry, (field, fault) => read.faults.push(`${NAMES[field]} ${fault}.`))];
}

const NAMES: Readonly<Record<keyof IssuerEntry, string>> = {
  issuer: OIDC_SETTINGS.oidcIssuer.name,
  audience: OIDC_SETTINGS.oidcAudience.name,
  tokenType: OIDC_SETTINGS.oidcTokenType.name,
  subjectClaim: OIDC_SETTINGS.oidcSubjectClaim.name,
  accountClaim: OIDC_SETTINGS.oidcAccountClaim.name,
  account: OIDC_SETTINGS.oidcAccount.name,
  accounts: OIDC_SETTINGS.oidcAccount.name,
  register: OIDC_SETTINGS.oidcRegister.name,
  operator: OIDC_SETTINGS.oidcOperator.name,
  clientId: OIDC_SETTINGS.oidcClientId.name,
  clientSecret: OIDC_SETTINGS.oidcClientSecret.name,
  scope: OIDC_SETTINGS.oidcScope.name,
  audienceParameter: OIDC_SETTINGS.oidcAudienceParameter.name,
  signOut: OIDC_SETTINGS.oidcSignOut.name,
};

function readFile(read: SettingsReader): readonly OidcIssuer[] {
  const fault = (text: string): void => void read.faults.push(`ROLEBOOK_OIDC_FILE: ${text}.`);
  let text: string;
  try {
    text = readFileSync(read.text(OIDC_SETTINGS.oidcFile), 'utf8');
  } catch (error) {
    fault(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return [];
  }
  return issuersOf(text, fault);
}
