import { hasIgnorables, withoutIdle, withoutIgnorables } from './invisible';
import { codePoint, isLonger, textFault } from './plain';
import { unassignedIn } from './unassigned';

/** Names of roles, users and accounts, usernames and external ids: validity and equality. */

/** Upper limit of the length of any name. */
export const LONGEST_NAME = 200;

/**
 * Shows something: not white space, a mark alone, a default-ignorable, or anything without a glyph of its own. U+2800 is the
 * empty pattern of Braille, U+1D159 a note without a head, U+13441 and U+13442 are blanks: all of them letters or symbols.
 */
const VISIBLE =
  /(?![\s\u2800\u{1d159}\u{13441}\u{13442}])[^\p{C}\p{M}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const PRINTABLE = /^[ -~]*$/;

/**
 * Shows nothing: blanks that are not white space, the anchors of annotations, controls of hieroglyphs. Two names that
 * differ only in them look the same. Private use is not among these: fonts of an organisation have names of people in
 * it.
 */
const UNSEEN = /[\u2800\u{1d159}\u{13430}-\u{13442}\ufff9-\ufffb]/u;
/** A combining mark without a base character. */
const LOOSE_MARK = /(?:^|\s)\p{M}/u;

/** True if a text has at least one visible character. */
export const isVisible = (text: string): boolean => VISIBLE.test(text);

/**
 * A name in its recorded form: without white space around it and without default-ignorable code points that have no
 * effect in their context. Characters that affect its appearance stay.
 */
export function tidyName(text: string): string {
  const trimmed = text.trim();
  return hasIgnorables(trimmed) ? withoutIdle(trimmed).trim() : trimmed;
}

/**
 * Reason why a text is not a name, as a sentence; null for a name. White space around it is ignored. A name is one line
 * of plain text of at most 200 characters, each of them defined in Unicode 16.0, and at least one of them visible.
 */
export const nameFault = (text: string): string | null => faultOf('A name', text);

/** Reason why a text is not a username, as a sentence; null for a username. The rule is that of names. */
export const usernameFault = (text: string): string | null => faultOf('A username', text);

/**
 * An external id in its recorded form: a name’s, in Unicode’s form NFC. Two external ids are one if this is equal, case
 * included, as SCIM wants it (RFC 7643, `caseExact`). A text that is too long is none, and is only trimmed.
 */
export function tidyExternalId(text: string): string {
  const trimmed = text.trim();
  if (PRINTABLE.test(trimmed) || isLonger(trimmed, LONGEST_NAME)) return trimmed;
  // Composition may end the effect of an ignorable, and what follows that one may be composed then.
  for (let tidy = trimmed; ;) {
    const before = tidy;
    tidy = tidyName(tidy).normalize('NFC');
    if (tidy === before) return tidy;
  }
}

/**
 * Reason why a text is not an external id, as a sentence; null for an external id. The rule is that of names, for the text
 * in its recorded form, which may be longer than the given one.
 */
export const externalIdFault = (text: string): string | null =>
  faultOf('An external id', tidyExternalId(text));

function faultOf(subject: string, text: string): string | null {
  const trimmed = text.trim();
  if (isLonger(trimmed, LONGEST_NAME)) return `${subject} has at most ${LONGEST_NAME} characters.`;
  const name = tidyName(trimmed);
  const fault = textFault(subject, name);
  if (fault !== null) return fault;
  const unassigned = unassignedIn(name);
  if (unassigned !== null)
    return `${subject} has a code point that Unicode 16.0 does not define (${codePoint(unassigned)}).`;
  if (!isVisible(name)) return `${subject} needs a character that can be seen.`;
  const unseen = UNSEEN.exec(name);
  if (unseen) return `${subject} has a character that cannot be seen (${codePoint(unseen[0])}).`;
  return LOOSE_MARK.test(name) ? `${subject} has an accent with no letter under it.` : null;
}

/** The nearest valid name to a text: invalid characters are left out. May be empty. */
export function asName(text: string): string {
  const spaced = [...text.toWellFormed()].map((each) => (/[\s\p{Cc}]/u.test(each) ? ' ' : each));
  const sound = spaced.filter((each) => each !== '\ufffd' && isSound(each)).join('');
  return tidyName(tidyName(sound).replace(/(^|\s)\p{M}+/gu, '$1'));
}

const isSound = (each: string): boolean =>
  textFault('', each) === null && unassignedIn(each) === null && !UNSEEN.test(each);

/**
 * Number of the rule by which names become keys, and keys claims (`nameKey`, `keysToClaim`). A change of what they return needs
 * the next number, and a new format of the log: hashes of the keys are in the log, and nobody knows the names behind them.
 */
const FOLDING_RULE: number = 1;

/** Beginning of the hashed text of a claim: the number of the rule, which the first one does without. */
export const FOLDING_PREFIX = FOLDING_RULE === 1 ? '' : `${FOLDING_RULE}\n`;

/**
 * The key of uniqueness: case, Unicode form and runs of white space do not distinguish names. Some letters differ in
 * case only by way of the upper case: ß, ẞ and SS, the two small sigmas, and the dotless ı and i.
 *
 * Its values are in the log: names of claim streams are made of them. They change only with the format of the log.
 */
export function nameKey(name: string): string {
  if (PRINTABLE.test(name)) return name.trim().replace(/ +/g, ' ').toLowerCase();
  const tidy = name.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  return tidy.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

/** The key of a name without default-ignorable code points, which do not distinguish new names. */
function bareKey(name: string): string {
  // A log may hold a name of nothing else, recorded before the rule; it equals only itself.
  return (hasIgnorables(name) && nameKey(withoutIgnorables(name))) || nameKey(name);
}

/** True if two names count as one. Their own keys count too: U+FEFF is white space to those, and nothing otherwise. */
export const sameName = (a: string, b: string): boolean =>
  bareKey(a) === bareKey(b) || nameKey(a) === nameKey(b);

/**
 * The keys under which a name is claimed: the one without default-ignorables, and the name’s own if it has some, since
 * older names hold only that.
 */
export function keysToClaim(name: string): readonly string[] {
  const [bare, own] = [bareKey(name), nameKey(name)];
  return bare === own ? [own] : [bare, own];
}

/** Compatibility forms make a key up to 18 times as long as the name: U+FDFA expands to 18 letters. */
const SORTED_CHARACTERS = 200;

/** Sort key of lists: the beginning of the key. Bounded, so that cursors and index rows are. */
export function sortKey(name: string): string {
  const key = nameKey(name);
  return isLonger(key, SORTED_CHARACTERS) ? [...key].slice(0, SORTED_CHARACTERS).join('') : key;
}
