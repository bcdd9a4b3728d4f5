const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

/** A command to paste into a POSIX shell, each word quoted: names may have spaces, quotes and shell syntax. */
export const shellCommand = (...words: readonly string[]): string =>
  words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
