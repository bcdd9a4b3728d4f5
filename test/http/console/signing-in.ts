import { startProvider, throughPages, type OidcProvider } from '../../end-to-end/provider';
import { freePort } from '../../free-port';
import { startTestServer, type TestServer } from '../harness';
import { Browser, SESSION } from './browser';

/** A real provider, and servers whose consoles sign people in there. */

export class SigningIn {
  /** Time that the servers go by. */
  clock = Date.now();

  private constructor(readonly provider: OidcProvider) {}

  static async start(): Promise<SigningIn> {
    return new SigningIn(await startProvider());
  }

  async settings(): Promise<Record<string, string>> {
    const port = String(await freePort());
    return {
      PORT: port,
      ROLEBOOK_PUBLIC_URL: `http://127.0.0.1:${port}`,
      ROLEBOOK_OIDC_ISSUER: this.provider.issuer,
      ROLEBOOK_OIDC_AUDIENCE: 'rolebook',
      ROLEBOOK_OIDC_REGISTER: 'on',
      ROLEBOOK_OIDC_CLIENT_ID: 'console',
      ROLEBOOK_OIDC_CLIENT_SECRET: 'secret',
    };
  }

  async server(more: Record<string, string> = {}): Promise<TestServer> {
    const environment = { ...(await this.settings()), ...more };
    return startTestServer({ now: () => this.clock, environment });
  }

  /** Signs in at the provider and comes back. */
  async person(server: TestServer, login: string): Promise<Browser> {
    const { browser, address } = await begin(server);
    const answer = await browser.fetch(await wayBack(server, address, login));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/roles']);
    return browser;
  }
}

export interface Begun {
  readonly browser: Browser;
  /** Address at the provider. */
  readonly address: string;
}

/** Begins a sign-in. */
export async function begin({ url }: Pick<TestServer, 'url'>, query = ''): Promise<Begun> {
  const browser = new Browser(url);
  const answer = await browser.fetch(`/console/sign-in${query}`);
  expect(answer.status).toBe(303);
  return { browser, address: answer.headers.get('location') ?? '' };
}

/** The way back, once somebody has signed in at the provider. */
export const wayBack = ({ url }: Pick<TestServer, 'url'>, address: string, login: string): Promise<string> =>
  throughPages(address, login, `${url}/console/callback`);

/** Expects a page that says why nobody is signed in. */
export async function expectPage(answer: Response, status: number, text: string): Promise<void> {
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)]);
  expect(answer.headers.getSetCookie().filter((each) => each.startsWith(`${SESSION}=`))).toEqual([]);
}
