import type { Actor } from '../../../domain/vocabulary';

const LONGEST = 200;

/** The actor of what a sign-in records: the host of the issuer, whose word it rests on. */
export const issuerActor = (issuer: string): Actor => ({
  type: 'service',
  id: `oidc:${new URL(issuer).host}`.slice(0, LONGEST),
});
