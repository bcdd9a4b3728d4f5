/** Headers of every answer, whatever sends it, that tell browsers how little they may do with it. */
export const SECURITY_HEADERS = {
  // An answer of the API shows no page: nothing is loaded by it, and nothing frames it.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  // Answers hold names and rights, which no cache on the way may keep.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Added where the request came by https: the browser asks this host by https alone, for a year. */
export const TRANSPORT_SECURITY = { 'strict-transport-security': 'max-age=31536000' } as const;
