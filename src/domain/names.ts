/** How names are compared, sorted and searched. Pure text rules. */

/**
 * What makes two names the same: case, Unicode form and runs of white space do not matter.
 * Some letters differ in case only by way of the upper case: ß, ẞ and SS, or the two small sigmas.
 */
export function nameKey(name: string): string {
  const tidy = name.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  return tidy.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

/** What a search compares: like `nameKey`, and accents do not matter either. */
export function searchKey(text: string): string {
  return nameKey(text).normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}

/** Whether a text is one line: no line breaks, tabs or other control characters, which names have no use for. */
export const isOneLine = (text: string): boolean => !/[\p{Cc}\u2028\u2029]/u.test(text);

/** Whether there is anything to see in a text: not only white space and invisible format characters. */
export const isVisible = (text: string): boolean => /[^\s\p{Cf}]/u.test(text);

/** Number of characters as people count them (code points, not UTF-16 units). */
export const characters = (text: string): number => [...text].length;
