import { OVERLAYS } from './looks.mjs';

/** Kinds of scenes: a page at an address, brought into a state. */

/** Moment of the past at which the demo had most of its roles. */
const THEN = new Date(Date.now() - 10 * 86_400_000).toISOString();

/** Somebody without any right. */
const NOBODY = 'zoe.papadaki';

const FAULT = {
  data: null,
  errors: [
    {
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: '0198f3a2-77c1-7b60-9a1e-5d0c2f4b8e11' },
    },
  ],
};

const fails = (route) => route.fulfill({ status: 500, json: FAULT });
/** Leaves a request without an answer. */
const waits = () => undefined;

/** A page as it is. `shows`: what is there once it is there. */
export const plain = (at, shows) => ({ at, ready: shows });

/** What lies above a page. */
const OVERLAY = (page) => page.locator(OVERLAYS).last();

/**
 * Something that is opened on a page. `shows`: what is there once it is open; `answers`: a request is answered thus; `anew`:
 * it is opened anew in each look, as what is placed beside its opener is.
 */
export const opened = (
  name,
  at,
  ready,
  { open, shows = OVERLAY, answers = null, anew = shows === OVERLAY },
) => ({
  name,
  at,
  ready,
  open,
  shows,
  answers,
  anew,
});

/** A page whose requests fail. */
export const failing = (at) => ({ at, answers: fails, ready: (page) => page.getByRole('alert').first() });

/** A page whose requests have no answer yet, for longer than it takes to show that. */
export const loading = (at) => ({
  at,
  answers: waits,
  ready: (page) => page.locator('main [aria-busy=true] > div').first(),
});

/** A page that somebody opens who has no right to it. */
export const withoutRight = (at, text) => ({ at, as: NOBODY, ready: (page) => page.getByText(text).first() });

/** A page as of a moment of the past. */
export const past = (at, shows) => ({
  at: `${at}${at.includes('?') ? '&' : '?'}asOf=${THEN}`,
  ready: (page) => page.locator('html[data-moment=past]').filter({ has: shows(page) }),
});

/** A state that a page does not have. */
export const none = (why) => ({ why });
