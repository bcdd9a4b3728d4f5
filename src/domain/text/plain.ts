/**
 * Plain text: characters allowed in a description, a reason, a key. Unicode’s own properties define the forbidden ones.
 */

export interface PlainTextOptions {
  /** True if the text may have tabs and line breaks. */
  readonly multiline?: boolean;
}

const CONTROL_OR_LINE = /[\p{Cc}\u2028\u2029]/u;
const CONTROL = /(?![\t\n\r])\p{Cc}/u;
/** U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: they make a text look like another (UAX 9, UTR 36). */
const DIRECTION = /\p{Bidi_Control}/u;
/** U+FDD0 to U+FDEF and the last two of each plane: never characters, not meant to be exchanged. */
const NO_CHARACTER = /\p{Noncharacter_Code_Point}/u;
/** Nearly every text is printable ASCII, in which every character is allowed. */
const PRINTABLE = /^[ -~]*$/;

/**
 * Reason why a text is not plain text, as a sentence; null for plain text. Plain text is well-formed Unicode without
 * control characters, bidirectional controls and non-characters. Takes time in proportion to the length: check that
 * first.
 */
export const plainTextFault = (text: string, options: PlainTextOptions = {}): string | null =>
  textFault('The text', text, options);

/** The same with a subject of its own: `A username has a control character (U+0007).` */
export function textFault(
  subject: string,
  text: string,
  { multiline = false }: PlainTextOptions = {},
): string | null {
  if (PRINTABLE.test(text)) return null;
  if (!text.isWellFormed())
    return `${subject} is not well-formed Unicode: half of a surrogate pair is missing.`;
  const control = (multiline ? CONTROL : CONTROL_OR_LINE).exec(text);
  if (control)
    return multiline
      ? `${subject} has a control character (${codePoint(control[0])}).`
      : `${subject} is one line without control characters (${codePoint(control[0])}).`;
  const direction = DIRECTION.exec(text);
  if (direction) return `${subject} has a control of the direction of text (${codePoint(direction[0])}).`;
  const none = NO_CHARACTER.exec(text);
  return none && `${subject} has a code point that is no character (${codePoint(none[0])}).`;
}

/** A code point as Unicode writes it: U+0041. */
export const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** Number of characters as people count them: code points, not UTF-16 units. Allocates nothing. */
export function characters(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    if (isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1))) count -= 1;
  }
  return count;
}

/** True if a text has more characters than a limit. Costs no more than the limit, whatever the length. */
export const isLonger = (text: string, limit: number): boolean =>
  text.length > 2 * limit || (text.length > limit && characters(text) > limit);

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The beginning of a text, at most `limit` characters, cut between graphemes: an emoji of several code points or a
 * letter with its accents is kept or left out as a whole. The first is cut if it alone has too many.
 */
export function beginning(text: string, limit: number): string {
  if (!isLonger(text, limit)) return text;
  let kept = '';
  let count = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    count += characters(segment);
    if (count > limit) break;
    kept += segment;
  }
  return kept === '' ? [...text].slice(0, limit).join('') : kept;
}
