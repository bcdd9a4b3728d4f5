import { readFileSync } from 'node:fs';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ISSUER_DEFAULTS, issuerOf, type OidcIssuer } from './oidc-issuer';

/** The file of several issuers: a JSON list with an object each. */

const Entry = Type.Object(
  {
    issuer: Type.String(),
    audience: Type.String(),
    tokenType: Type.Optional(Type.String()),
    subjectClaim: Type.Optional(Type.String()),
    accountClaim: Type.Optional(Type.String()),
    account: Type.Optional(Type.String()),
    accounts: Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.Literal('*')]),
    register: Type.Optional(Type.Boolean()),
    operator: Type.Optional(Type.String()),
    clientId: Type.Optional(Type.String()),
    clientSecretFile: Type.Optional(Type.String()),
    scope: Type.Optional(Type.String()),
    audienceParameter: Type.Optional(Type.String()),
    signOut: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const File = Type.Array(Entry, { minItems: 1 });

/** Reads the text of a file; `fault` is told each fault. */
export function issuersOf(text: string, fault: (words: string) => void): readonly OidcIssuer[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    fault('the file is not JSON');
    return [];
  }
  if (!Value.Check(File, file)) {
    for (const { path, message } of Value.Errors(File, file))
      fault(`${path || 'the whole'}: ${message.toLowerCase()}`);
    return [];
  }
  const seen = new Set<string>();
  return file.map(({ accounts, clientSecretFile, ...given }, index) => {
    const tell = (words: string): void => fault(`/${index}/${words}`);
    if (seen.has(given.issuer)) tell('issuer is in the list twice');
    seen.add(given.issuer);
    if (given.account !== undefined && given.accountClaim !== undefined)
      tell('account and accountClaim are both given: give one');
    const clientSecret = clientSecretFile === undefined ? '' : secretIn(clientSecretFile, tell);
    const entry = {
      ...ISSUER_DEFAULTS,
      ...given,
      clientSecret,
      accounts: accounts === '*' ? null : accounts,
    };
    return issuerOf(entry, (field, words) => tell(`${field} ${words}`));
  });
}

function secretIn(file: string, tell: (words: string) => void): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    tell(`clientSecretFile cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return '';
  }
}
