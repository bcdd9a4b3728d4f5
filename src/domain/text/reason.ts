import { isVisible } from './names';
import { isLonger, textFault } from './plain';

/** Longest reason, in characters. */
export const REASON_LIMIT = 200;

/** Longest reason in UTF-8: encrypted and with metadata, 1,000 events that have it still fit one append. */
const REASON_BYTES = 300;

/** Limits of a reason in words. */
export const REASON_FORM = `at most ${REASON_LIMIT} characters, and ${REASON_BYTES} bytes in UTF-8`;

/** True if a reason is longer than the record takes. */
export const isReasonTooLong = (text: string): boolean =>
  isLonger(text, REASON_LIMIT) || Buffer.byteLength(text) > REASON_BYTES;

/**
 * Fault of a text given as the reason of a change, as a sentence; null for a valid reason. The same for every entry
 * point: plain text of at most 200 characters and 300 bytes, lines and tabs allowed, at least one character visible. A
 * caller without a reason leaves it out.
 */
export function reasonFault(text: string): string | null {
  if (isReasonTooLong(text)) return `A reason has ${REASON_FORM}.`;
  const fault = textFault('A reason', text, { multiline: true });
  if (fault !== null) return fault;
  return isVisible(text)
    ? null
    : 'A reason needs a character that can be seen; where there is none, leave it out.';
}
