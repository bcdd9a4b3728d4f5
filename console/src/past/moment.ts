/** Date and time with a zone, in ISO 8601: what the API takes as a time, without the forms that name a whole day. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds by which the clock of the browser may be behind that of the server. */
const SLACK = 5 * 60_000;

/** Reading of the moment in an address. */
export type MomentInAddress =
  | { readonly state: 'now' }
  | { readonly state: 'past'; readonly at: string }
  | { readonly state: 'unreadable' | 'ahead'; readonly text: string };

/** The moment that a text of the address names; left out: the present. */
export function momentOf(text: string | undefined, now: number): MomentInAddress {
  if (text === undefined) return { state: 'now' };
  const at = INSTANT.test(text) ? new Date(text).getTime() : Number.NaN;
  if (Number.isNaN(at)) return { state: 'unreadable', text };
  if (at > now + SLACK) return { state: 'ahead', text };
  // One spelling for one moment, so that caches and comparisons know it again.
  return { state: 'past', at: new Date(at).toISOString() };
}
