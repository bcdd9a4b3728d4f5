import { LETTERS } from './letters';

/**
 * Search folding: the form in which a search text and the searched text are compared, so that one is a part of the
 * other whenever people would say so. Each code point is folded by itself, independent of its neighbours; so a part of
 * a text folds to a part of the folded text, wherever it was cut.
 */

const PRINTABLE = /^[ -~]*$/;
const LEFT_OUT = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;
const NOT_ASCII = /[^\0-\x7f]/gu;

/**
 * Case, normal form, accents and other marks, default-ignorables and white space around do not matter; letters that do
 * not decompose are read as those that people type for them. Empty if nothing is left to search for.
 */
export function searchKey(text: string): string {
  if (PRINTABLE.test(text)) return text.trim().replace(/ +/g, ' ').toLowerCase();
  // Lower case depends on the neighbours for one letter alone: the sigma at the end of a word. Marks are left out only
  // now, for the iota that is written below a vowel is a letter in upper case.
  const caseless = text.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return caseless
    .normalize('NFKD')
    .replace(LEFT_OUT, '')
    .replace(NOT_ASCII, (letter) => LETTERS.get(letter) ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();
}
