import type { CombinedError } from '@urql/core';

/** An error that is no refusal, as a screen tells of it. */
export interface Fault {
  readonly kind: 'offline' | 'forbidden' | 'busy' | 'broken';
  readonly message: string;
  /** Id to report it with. */
  readonly requestId: string | null;
}

/** Codes after which the same request is sent again; docs/frontend.md has the table of all. */
const AGAIN = new Set([
  'IDENTITY_PROVIDER_UNAVAILABLE',
  'RATE_LIMITED',
  'POSITION_NOT_REACHED',
  'CONTENTION',
  'LOG_UNAVAILABLE',
  'STALE_REPLICA',
  'OVERLOADED',
  'REQUEST_TIMEOUT',
  'STARTING',
]);

interface Extensions {
  readonly code?: string;
  readonly requestId?: string;
}

/** The fault that an error of urql stands for. */
export function faultOf(error: CombinedError): Fault {
  const [first] = error.graphQLErrors;
  const { code, requestId = null } = (first?.extensions ?? {}) as Extensions;
  const status = (error.response as Response | undefined)?.status;
  const message = first?.message ?? error.message;
  if (code === 'FORBIDDEN') return { kind: 'forbidden', message, requestId };
  if (AGAIN.has(code ?? '') || status === 503) return { kind: 'busy', message, requestId };
  if (first === undefined && error.networkError) return { kind: 'offline', message, requestId };
  return { kind: 'broken', message, requestId };
}

/** True if the same request may be sent again, with the same idempotency key. */
export const mayPass = ({ kind }: Fault): boolean => kind === 'offline' || kind === 'busy';
