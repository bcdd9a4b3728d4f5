import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The provider of `provider-process.mjs`, and its clients. */

export interface OidcProvider {
  readonly issuer: string;
  /** Tells the provider to change; resolves once it has. */
  tell(command: 'rotate' | 'forget' | 'down' | 'up'): Promise<void>;
  /** An access token of the service client. */
  service(): Promise<string>;
  /** Tokens of a person, by the code flow with PKCE. */
  person(login: string): Promise<{ readonly access: string; readonly id: string }>;
  stop(): Promise<void>;
}

const CALLBACK = 'http://127.0.0.1/callback';

export async function startProvider(): Promise<OidcProvider> {
  const child = spawn(process.execPath, [path.join(process.cwd(), 'test/end-to-end/provider-process.mjs')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The provider has ended.');
    return value;
  };
  const issuer = await next();
  return {
    issuer,
    async tell(command) {
      child.stdin.write(`${command}\n`);
      // The package prints notices of its own in between.
      while ((await next()) !== command);
    },
    service: async () =>
      (await tokens(issuer, 'service', { grant_type: 'client_credentials', scope: 'rolebook' })).access,
    person: (login) => signIn(issuer, login),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

async function tokens(
  issuer: string,
  client: string,
  form: Readonly<Record<string, string>>,
): Promise<{ access: string; id: string }> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:secret`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as { access_token?: string; id_token?: string };
  if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
  return { access: answer.access_token, id: answer.id_token ?? '' };
}

/** Signs in as a client does, by a browser: a login, a consent, the way back. */
async function signIn(issuer: string, login: string): Promise<{ access: string; id: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid rolebook',
    nonce: 'once',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const address = await throughPages(`${issuer}/auth?${asked.toString()}`, login, CALLBACK);
  const code = new URL(address).searchParams.get('code');
  if (code === null) throw new Error(`There is no code in ${address}.`);
  const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier };
  return tokens(issuer, 'console', form);
}

/** Goes through the pages of the provider as a person does who consents. Resolves to the address that it leads back to. */
export async function throughPages(start: string, login: string, callback: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = start;
  for (let hops = 0; hops < 12 && !address.startsWith(callback); hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = await fetch(address, { headers: { cookie }, redirect: 'manual' });
    let answer = page;
    if (page.status === 200) {
      const prompt = /name="prompt" value="(\w+)"/.exec(await page.text())?.[1] ?? '';
      const body = new URLSearchParams({ prompt, login, password: 'any' });
      answer = await fetch(address, { method: 'POST', headers: { cookie }, body, redirect: 'manual' });
    }
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    address = new URL(answer.headers.get('location') ?? '', address).href;
  }
  return address;
}
