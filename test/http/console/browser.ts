import { signInLink } from '../../../src/http/console/sign-in-codes';
import { ACCOUNT, ADMIN, type TestServer } from '../harness';

/** Cookies and redirects as a browser has them, over real HTTP. */

export const OWN = { 'rolebook-console': '1' } as const;
export const SESSION = 'rolebook-session';

export interface Given {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** Keeps cookies by host; follows no redirect by itself. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` headers of the last answer. */
  set: readonly string[] = [];

  constructor(readonly url: string) {}

  async fetch(path: string, { method = 'GET', headers = {}, body }: Given = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { cookie: this.cookie, ...headers },
      body,
      redirect: 'manual',
    });
    this.set = response.headers.getSetCookie();
    for (const each of this.set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === '' || /max-age=0\b/i.test(each)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  session(headers: Given['headers'] = OWN): Promise<Response> {
    return this.fetch('/console/session', { headers });
  }

  graphql(headers: Given['headers'] = OWN, query = '{ me { id } }'): Promise<Response> {
    return this.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  }

  signOut(headers: Given['headers'] = OWN): Promise<Response> {
    return this.fetch('/console/sign-out', { method: 'POST', headers });
  }
}

/** Link of a code, as the command line makes it. */
export const linkFor = (
  server: TestServer,
  { user = ADMIN, account = ACCOUNT, url = server.url, at = undefined as number | undefined } = {},
): Promise<string> => signInLink(server.signingKey, { user, account, server: url }, server.config, at);

/** A browser with a session of a user, by a link. */
export async function signedIn(server: TestServer, user = ADMIN, at?: number): Promise<Browser> {
  const browser = new Browser(server.url);
  const answer = await browser.fetch(await linkFor(server, { user, at }));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/roles']);
  return browser;
}

export interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly signIn: string | undefined;
}

/** Status and first error of an answer. */
export async function told(answer: Response | Promise<Response>): Promise<Told> {
  const response = await answer;
  const { errors = [] } = (await response.json()) as {
    errors?: { extensions: { code: string; signIn?: string } }[];
  };
  const { code, signIn } = errors[0]?.extensions ?? { code: undefined, signIn: undefined };
  return { status: response.status, code, signIn };
}
