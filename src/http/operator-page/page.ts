import { hash } from 'node:crypto';
import { writePointer } from '../../config/json-pointer';
import type { OidcIssuer } from '../../config/oidc-issuer';
import { namedIn } from '../authentication/oidc/explain';
import type { ExplainedToken, Explanation, PersonFound } from '../authentication/oidc/explanation';
import { moment, shown } from '../authentication/oidc/shown';
import { SECURITY_HEADERS } from '../security-headers';
import { html, Html } from './html';

/** The page on which an operator looks at an access token: a form, and what a token that was sent comes to. No script. */

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: #14702e; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --good: #6cd38a; --bad: #ff8a80 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
textarea { display: block; width: 100%; box-sizing: border-box; font: 13px/1.4 ui-monospace, monospace }
button { margin-top: .5rem; padding: .4rem 1rem; font: inherit }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
td { overflow-wrap: anywhere; white-space: pre-wrap }
.passed { color: var(--good) }
.failed { color: var(--bad); font-weight: 600 }
`;

/** Made apart from the page, for its text is what the policy names by its hash. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...SECURITY_HEADERS,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
    'img-src data:',
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  // With `no-referrer` browsers would send `Origin: null` with the form of this very page.
  'referrer-policy': 'same-origin',
};

/** The page with the form alone, or with a refusal above it. */
export const emptyPage = (refusal = ''): string =>
  document(refusal === '' ? html`` : html`<p class="failed">${refusal}</p>`);

/** The page with what a token comes to. The token itself is not in it. */
export function explainedPage({ taken, token }: Explanation): string {
  const summary = html`<h2>Result</h2>
    <p><strong>${outcomeOf({ taken, token })}</strong></p>`;
  if (token === null) return document(summary);
  return document(
    html`${summary}
      <h2>Checks</h2>
      ${table(
        ['check', 'result', 'why not'],
        token.checks.map(({ check, result, why }) => [
          check,
          html`<span class="${result === 'not checked' ? 'open' : result}">${result}</span>`,
          why ?? '',
        ]),
      )}
      <h2>Whom it names</h2>
      ${table(['what', 'found'], namesOf(token))} ${rights(token.person)}
      <h2>What it says</h2>
      ${table(['header or claim', 'value'], said(token))}`,
  );
}

/** Answer to a request with the token, as of now. */
function outcomeOf({ taken, token }: Explanation): string {
  if (taken.isTaken === null) return `Refused for now with 503 IDENTITY_PROVIDER_UNAVAILABLE: ${taken.why}.`;
  const refused = (why: string): string => `Refused with 401 UNAUTHENTICATED: ${why}`;
  if (!taken.isTaken || token === null) return refused(taken.why);
  const { named, person } = token;
  if (named?.kind === 'operator')
    return 'Let in as an operator, to the digest of the metrics alone: it is no user’s.';
  if (named?.kind !== 'person' || person === null)
    return refused(named?.kind === 'nobody' ? named.why : 'It names nobody.');
  if (person.user !== null)
    return person.user.status === 'ACTIVE'
      ? `Let in as User:${person.user.id} of the account ${named.account}.`
      : refused(`the user is not active (${person.user.status}).`);
  return person.why === null
    ? 'Not a user yet: the first request registers one without roles, unless the username is taken.'
    : refused(`${person.why}.`);
}

function namesOf(token: ExplainedToken): Row[] {
  const { issuer } = token;
  return [
    ['operators of the issuer', operatorsOf(issuer)],
    ...namedIn(token).filter(([what]) => what !== 'roles' && what !== 'permissions'),
  ];
}

function operatorsOf(issuer: OidcIssuer | null): string {
  if (issuer === null) return 'none: it is no issuer of the settings';
  if (issuer.operator === null) return 'none: the settings name no claim of operators';
  const { pointer, value } = issuer.operator;
  return `whoever has ${shown(value)} at ${writePointer(pointer)}`;
}

function rights(person: PersonFound | null): Html {
  if (person === null || person.user === null) return html``;
  const { roles, effective } = person;
  const named = new Map(roles.map(({ id, name }) => [id, `${name} (${id})`]));
  const through = (via: readonly string[]): string => via.map((id) => named.get(id) ?? id).join('\n');
  return html`<h2>Roles</h2>
    ${table(
      ['role', 'id'],
      roles.map(({ id, name }) => [name, id]),
    )}
    <h2>Effective permissions</h2>
    ${table(
      ['permission', 'scopes', 'by the role'],
      effective.granted.map(({ permission, scopes, via }) => [permission, scopes.join('\n'), through(via)]),
    )}
    <h2>Permissions without effect</h2>
    ${table(
      ['permission', 'why', 'by the role'],
      effective.withheld.map(({ permission, reason, via }) => [permission, reason, through(via)]),
    )}`;
}

const TIMES: readonly string[] = ['iat', 'nbf', 'exp'];

const said = ({ header, claims }: ExplainedToken): Row[] => [
  ...Object.entries(header).map(([name, value]): Row => [`header: ${nameOf(name)}`, shown(value)]),
  ...Object.entries(claims).map(([name, value]): Row => [
    nameOf(name),
    TIMES.includes(name) ? `${shown(value)}: ${moment(value)}` : shown(value),
  ]),
];

/** A name without the quotes of JSON. */
const nameOf = (name: string): string => shown(name).slice(1, -1);

type Row = readonly (string | Html)[];

const table = (head: readonly string[], rows: readonly Row[]): Html =>
  rows.length === 0
    ? html`<p>None.</p>`
    : html`<table>
        <thead>
          <tr>
            ${head.map((each) => html`<th scope="col">${each}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((each) => html`<td>${each}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`;

const document = (found: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Rolebook · access token</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>What an access token comes to</h1>
          <p>It signs nobody in, and nothing of it is kept, logged or shown again.</p>
          <form method="post" autocomplete="off">
            <label for="token">Access token</label>
            <textarea
              id="token"
              name="token"
              rows="6"
              required
              spellcheck="false"
              autocapitalize="off"
            ></textarea>
            <button>Explain</button>
          </form>
          ${found}
        </main>
      </body>
    </html> `.text;
