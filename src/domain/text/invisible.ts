/**
 * Default-ignorable code points (UAX 44, Default_Ignorable_Code_Point): not shown unless they have an effect. Some
 * scripts and emoji need some of them; anywhere else they only make texts differ that look the same.
 */

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
const IGNORABLES = /\p{Default_Ignorable_Code_Point}/gu;
/** Bidirectional controls are default-ignorable too, and have an effect everywhere: they are refused, not dropped. */
const DIRECTION = /\p{Bidi_Control}/u;

export const hasIgnorables = (text: string): boolean => IGNORABLE.test(text);

/** A text without any default-ignorable code point. */
export const withoutIgnorables = (text: string): string => text.replace(IGNORABLES, '');

/** Scripts whose letters join, or form clusters around a virama: UAX 31, contexts A1, A2 and B of the joiners. */
const JOINING = [
  ...['Arabic', 'Syriac', 'Mandaic', 'Nko', 'Mongolian', 'Phags_Pa', 'Adlam', 'Hanifi_Rohingya'],
  ...['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam'],
  ...['Sinhala', 'Tibetan', 'Myanmar', 'Khmer', 'Balinese', 'Javanese', 'Sundanese', 'Chakma', 'Tai_Tham'],
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const AFTER_JOINING = new RegExp(`(?=[${JOINING}])[\\p{L}\\p{M}]\\p{M}*$`, 'u');
const JOINING_LETTER = new RegExp(`^(?=[${JOINING}])[\\p{L}\\p{M}]`, 'u');
const AFTER_EMOJI = /\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?\ufe0f?$|\u{e007f}$/u;
const EMOJI = /^\p{Extended_Pictographic}/u;
const AFTER_VARIED =
  /(?:\p{Extended_Pictographic}|\p{Ideographic}|[\p{Script=Mongolian}\p{Script=Phags_Pa}])$/u;
const AFTER_KEYCAP = /[0-9#*]$/u;
/** Tags spell the region of a flag: U+1F3F4, then as many tags as fit within `SIGHT` units. */
const IN_FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]*$/u;

const ZWNJ = '\u200c';
const ZWJ = '\u200d';
const KEYCAP = '\u20e3';
const MONGOLIAN_VOWEL_SEPARATOR = '\u180e';
const VARIATION = /^\p{Variation_Selector}$/u;
const TAG = /^[\u{e0020}-\u{e007f}]$/u;
/** UTF-16 units before a code point that may matter to it. */
const SIGHT = 24;

/** A text without the default-ignorable code points that have no effect in their context. */
export function withoutIdle(text: string): string {
  if (!hasIgnorables(text)) return text;
  const all = [...text];
  let kept = '';
  for (const [index, each] of all.entries()) {
    if (!IGNORABLE.test(each) || DIRECTION.test(each) || acts(each, kept.slice(-SIGHT), next(all, index)))
      kept += each;
  }
  return kept;
}

/** Next character that is not ignorable. */
function next(all: readonly string[], index: number): string {
  for (let at = index + 1; at < Math.min(all.length, index + SIGHT); at += 1)
    if (!IGNORABLE.test(all[at]!)) return all[at]!;
  return '';
}

/** True if an ignorable has an effect between the text kept before it and the text that follows. */
function acts(each: string, before: string, after: string): boolean {
  // Also at the end of a word, where it keeps the form of a joining letter, or a half form.
  if (each === ZWJ) return AFTER_JOINING.test(before) || (AFTER_EMOJI.test(before) && EMOJI.test(after));
  if (each === ZWNJ) return AFTER_JOINING.test(before) && JOINING_LETTER.test(after);
  if (each === MONGOLIAN_VOWEL_SEPARATOR) return /\p{Script=Mongolian}$/u.test(before);
  if (VARIATION.test(each))
    return AFTER_VARIED.test(before) || (AFTER_KEYCAP.test(before) && after === KEYCAP);
  return TAG.test(each) && IN_FLAG.test(before);
}
