import { createHash, randomBytes } from 'node:crypto';
import { settings } from './settings.mjs';

/**
 * Prints an access token of a person, for curl: it goes through the code flow as a browser does, password included.
 *
 *   node token.mjs boss
 */

const { issuer, audience, password, callback } = settings();
const [login] = process.argv.slice(2);
if (!login) throw new Error('Say whose token: node token.mjs boss');

const verifier = randomBytes(32).toString('base64url');
const asked = new URLSearchParams({
  client_id: 'console',
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid rolebook',
  resource: audience,
  state: randomBytes(16).toString('base64url'),
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});

/** Follows redirects, with cookies, until the one that leads back to the client; a page in between is signed in at. */
async function codeOf(start) {
  const cookies = new Map();
  let address = start;
  for (let hops = 0; hops < 10 && !address.startsWith(callback); hops += 1) {
    const send = async (body) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const method = body ? 'POST' : 'GET';
      const answer = await fetch(address, { method, body, headers: { cookie }, redirect: 'manual' });
      for (const each of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(each);
        cookies.set(name, value);
      }
      return answer;
    };
    const page = await send();
    const answer = page.status === 200 ? await send(new URLSearchParams({ login, password })) : page;
    const location = answer.headers.get('location');
    if (location === null)
      throw new Error(`The provider answered ${answer.status}: nobody of that name signs in.`);
    address = new URL(location, address).href;
  }
  const { searchParams } = new URL(address);
  if (searchParams.get('state') !== asked.get('state')) throw new Error('The answer is to another question.');
  return searchParams.get('code');
}

const response = await fetch(new URL('/token', issuer), {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'console',
    code: await codeOf(new URL(`/auth?${asked}`, issuer).href),
    redirect_uri: callback,
    code_verifier: verifier,
  }),
});
const { access_token: token, error_description: why } = await response.json();
if (token === undefined) throw new Error(`The provider gave no token: ${why}`);
process.stdout.write(`${token}\n`);
