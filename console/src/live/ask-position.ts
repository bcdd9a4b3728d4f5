import { consoleFetch } from '../api/console-fetch';
import { advancePosition, heldPosition, releasePosition } from '../api/position';
import { requestHeaders } from '../api/request-headers';

/** The smallest question of the API: every answer says its position, and this one reads nothing. */
const SMALLEST = JSON.stringify({ query: '{__typename}' });

/** Milliseconds after which a question without an answer is given up. */
const PATIENCE = 10_000;

interface Answer {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly position?: string };
}

/**
 * Asks how far the log is, which is as far as a position that somebody told of, if not further. Nobody is behind the question: it
 * keeps no session from ending. @throws Error without an answer
 */
export async function askPosition(told: string | null): Promise<string> {
  const sent = heldPosition();
  const response = await consoleFetch('/graphql', {
    method: 'POST',
    headers: { ...requestHeaders(true, told), 'Content-Type': 'application/json' },
    body: SMALLEST,
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { errors = [], extensions } = (await response.json()) as Answer;
  // The log was restored from an older copy, or is another one: what was held names nothing in it.
  if (errors.some((error) => error.extensions?.code?.startsWith('POSITION_OF_'))) releasePosition();
  const position = extensions?.position;
  if (position === undefined) throw new Error(`No position: the server answered ${response.status}.`);
  advancePosition(sent, position);
  return position;
}
