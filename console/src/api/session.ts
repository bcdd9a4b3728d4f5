import { served } from '../app/base-path';
import { consoleFetch } from './console-fetch';

/** Ways to sign in that the server offers. */
export type SignInMode = 'local' | 'oidc';

/** The session: its account and user, and its end. */
export interface Session {
  readonly account: string;
  readonly user: { readonly id: string; readonly name: string; readonly username: string };
  readonly mode: SignInMode;
  readonly expiresAt: string;
}

/** Outcome of asking for the session. */
export type SessionAnswer =
  | { readonly state: 'signed-in'; readonly session: Session }
  | { readonly state: 'signed-out'; readonly signIn: SignInMode };

interface ErrorBody {
  readonly errors?: readonly { readonly extensions?: { readonly signIn?: SignInMode } }[];
}

/** Asks the server for the session of this browser. @throws Error where there is no answer */
export async function fetchSession(): Promise<SessionAnswer> {
  const response = await consoleFetch(served('session'));
  if (response.ok) return { state: 'signed-in', session: (await response.json()) as Session };
  if (response.status !== 401) throw new Error(`The server answered ${response.status}.`);
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  return { state: 'signed-out', signIn: body.errors?.[0]?.extensions?.signIn ?? 'local' };
}

/** Ends the session of this browser. Resolves to the address of the sign-out at the provider; null: there is none. */
export async function endSession(): Promise<string | null> {
  const response = await consoleFetch(served('sign-out'), { method: 'POST' });
  return response.status === 200 ? ((await response.json()) as { readonly to: string }).to : null;
}
