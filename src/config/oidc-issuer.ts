import { parsePointer, type JsonPointer } from './json-pointer';
import { isPrivate } from './loopback';

/** An issuer of access tokens: its fields, and what they may be, wherever they are given. */

/** An issuer, and all that its tokens may say. */
export interface OidcIssuer {
  /** Name that its tokens give it. */
  readonly issuer: string;
  readonly audience: string;
  /** Exact `typ` of the header. */
  readonly tokenType: string;
  readonly subjectClaim: JsonPointer;
  /** The one account of all its tokens, or the claim that names the account. */
  readonly account: { readonly fixed: string } | { readonly claim: JsonPointer };
  /** Accounts that it may speak for; null: any that there is. */
  readonly accounts: readonly string[] | null;
  /** True if an unknown subject becomes a user. */
  readonly register: boolean;
  /** Null: it names no operators. */
  readonly operator: OperatorClaim | null;
  /** Client of the console at this issuer; null: the console does not sign in there. */
  readonly client: OidcClient | null;
}

/** Client under which the console signs people in. */
export interface OidcClient {
  readonly id: string;
  /** Null for a public client, which has PKCE alone. */
  readonly secret: string | null;
  /** Scopes that are asked for, with spaces between. */
  readonly scope: string;
  /** Parameter by which the request names the audience; null: the provider gives tokens of it by the scopes. */
  readonly audienceParameter: 'resource' | 'audience' | null;
  /** Reach of a sign-out of the console: here alone, or at the provider too. */
  readonly signOut: 'here' | 'provider';
}

/** A claim with the value, or a list that has it, by which a token is that of an operator. */
export interface OperatorClaim {
  readonly pointer: JsonPointer;
  readonly value: string;
}

/** An issuer as it is given, in the file or by settings; an empty text: nothing. */
export interface IssuerEntry {
  readonly issuer: string;
  readonly audience: string;
  readonly tokenType: string;
  readonly subjectClaim: string;
  readonly accountClaim: string;
  readonly account: string;
  readonly accounts: readonly string[] | null;
  readonly register: boolean;
  readonly operator: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  readonly audienceParameter: string;
  readonly signOut: string;
}

/** Values of fields that are left out. */
export const ISSUER_DEFAULTS = {
  tokenType: 'at+jwt',
  subjectClaim: '/sub',
  accountClaim: '/rolebook_account',
  account: '',
  register: false,
  operator: '',
  clientId: '',
  clientSecret: '',
  scope: 'openid',
  audienceParameter: '',
  signOut: 'here',
} as const satisfies Partial<IssuerEntry>;

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const TYPE = /^[\w.+/-]{1,64}$/;
const LONGEST = 255;

/** Told a field that is not as it must be, in words that follow its name. */
export type FieldFault = (field: keyof IssuerEntry, words: string) => void;

/** Reads the fields of an issuer; `fault` is told all that are not as they must be. */
export function issuerOf(entry: IssuerEntry, fault: FieldFault): OidcIssuer {
  const { issuer, audience, tokenType, account, accounts, register } = entry;
  const pointer = (field: 'subjectClaim' | 'accountClaim'): JsonPointer => {
    const found = parsePointer(entry[field]);
    if (found === null) fault(field, 'is a JSON pointer, as /sub');
    return found ?? [];
  };
  if (!isIssuer(issuer))
    fault('issuer', 'is an address of https, or of http on a loopback address, without a query');
  if (!TYPE.test(tokenType)) fault('tokenType', 'is a type as at+jwt');
  checkAudience(entry, fault);
  checkAccounts(entry, fault);
  return {
    issuer,
    audience,
    tokenType,
    subjectClaim: pointer('subjectClaim'),
    account: account === '' ? { claim: pointer('accountClaim') } : { fixed: account },
    accounts,
    register,
    operator: operatorOf(entry, fault),
    client: clientOf(entry, fault),
  };
}

/** Printable ASCII without space, quote and backslash, with spaces between (RFC 6749). */
const SCOPES = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/;
const PARAMETERS = ['resource', 'audience', 'none'];

function clientOf(entry: IssuerEntry, fault: FieldFault): OidcClient | null {
  const { clientId: id, clientSecret: secret, scope } = entry;
  if (!SCOPES.test(scope) || !scope.split(' ').includes('openid'))
    fault('scope', 'lists scopes with spaces between, openid among them');
  const audienceParameter = audienceParameterOf(entry, fault);
  const signOut = signOutOf(entry, fault);
  if (id === '' && secret !== '') fault('clientSecret', 'is set without the id of the client');
  if (id === '') return null;
  return { id, secret: secret || null, scope, audienceParameter, signOut };
}

function audienceParameterOf(
  { audience, audienceParameter: given }: IssuerEntry,
  fault: FieldFault,
): OidcClient['audienceParameter'] {
  if (given !== '' && !PARAMETERS.includes(given))
    fault('audienceParameter', `is one of ${PARAMETERS.join(', ')}`);
  // RFC 8707 has resources be addresses; providers that name audiences otherwise do not know the parameter.
  const named = given || (/^https?:/.test(audience) && URL.canParse(audience) ? 'resource' : 'none');
  return named === 'resource' || named === 'audience' ? named : null;
}

function signOutOf({ signOut, clientId }: IssuerEntry, fault: FieldFault): OidcClient['signOut'] {
  if (signOut !== 'here' && signOut !== 'provider') fault('signOut', 'is here or provider');
  if (signOut !== 'provider') return 'here';
  if (clientId === '') fault('signOut', 'is set without the id of the client');
  return 'provider';
}

function checkAudience({ audience, clientId }: IssuerEntry, fault: FieldFault): void {
  if (audience === '' || audience.length > LONGEST)
    fault('audience', 'must be set: the name of this API at the issuer');
  else if (clientId === audience)
    fault('clientId', 'must differ from the audience: ID tokens have the client as their audience');
}

function checkAccounts({ account, accounts }: IssuerEntry, fault: FieldFault): void {
  if (account !== '' && !ID.test(account)) fault('account', 'is the id of an account');
  if (accounts === null) return;
  if (!accounts.every((each) => ID.test(each))) fault('accounts', 'lists ids of accounts');
  if (account !== '' && !accounts.includes(account))
    fault('account', 'is not one of the accounts that the issuer may speak for');
}

/** True for an address that a document can be found under, and that nobody reads or changes on the way. */
const isIssuer = (text: string): boolean => {
  if (!URL.canParse(text) || /[?#\s]/.test(text) || text.length > LONGEST) return false;
  const url = new URL(text);
  return isPrivate(url) && url.username === '' && url.password === '';
};

function operatorOf({ operator }: IssuerEntry, fault: FieldFault): OperatorClaim | null {
  if (operator === '') return null;
  const at = operator.indexOf('=');
  const pointer = parsePointer(operator.slice(0, Math.max(at, 0)));
  const value = operator.slice(at + 1);
  if (pointer !== null && value !== '') return { pointer, value };
  fault('operator', 'is a JSON pointer and a value, as /roles=rolebook-operator');
  return null;
}
