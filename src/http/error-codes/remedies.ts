/** Kinds of errors by what a frontend does about them: each code has one. */
export const REMEDIES = {
  MEND: {
    retry: 'mended',
    frontend:
      'Show the message at the `field`, keep the form, let the user mend it. The next try has a new key.',
  },
  RELOAD: {
    retry: 'no',
    frontend: 'The screen is out of date: read it again, show what has changed, let the user decide anew.',
  },
  DENY: {
    retry: 'no',
    frontend:
      'Say that it cannot be done, and why. Take the button away: `allowedActions` says what to offer.',
  },
  SIGN_IN: {
    retry: 'mended',
    frontend: 'Get a new token, by signing in again if need be, and send the same request with it.',
  },
  RETRY: {
    retry: 'yes',
    frontend:
      'Send the same request again, with the same `idempotencyKey`: after `Retry-After` seconds, or a second where there is none, then after pauses that double, five times at most.',
  },
  OPERATOR: {
    retry: 'later',
    frontend:
      'Say that it does not work at the moment. An operator has to do something first, or another replica answers; sending it again and again does not help.',
  },
  REPORT: {
    retry: 'no',
    frontend: 'Say that something went wrong, and show `extensions.requestId`, to be reported with it.',
  },
  PROGRAM: {
    retry: 'no',
    frontend: 'The frontend asked for what there is not: record it for its developers. Users cannot mend it.',
  },
} as const satisfies Readonly<Record<string, { readonly retry: string; readonly frontend: string }>>;

export type Remedy = keyof typeof REMEDIES;

/** Advice on a code: its kind, and what to do in particular. */
export interface Advice {
  readonly remedy: Remedy;
  /** Action for this code, as a sentence in Markdown that links from `docs/`. */
  readonly action: string;
}
