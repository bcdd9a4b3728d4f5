const ACCENTED = {
  a: 'á',
  c: 'ç',
  d: 'ð',
  e: 'é',
  g: 'ĝ',
  h: 'ĥ',
  i: 'í',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  n: 'ñ',
  o: 'ó',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'ú',
  w: 'ŵ',
  y: 'ý',
  z: 'ž',
  A: 'Á',
  C: 'Ç',
  D: 'Ð',
  E: 'É',
  G: 'Ĝ',
  I: 'Í',
  N: 'Ñ',
  O: 'Ó',
  R: 'Ŕ',
  S: 'Š',
  T: 'Ţ',
  U: 'Ú',
  Y: 'Ý',
  Z: 'Ž',
};

/**
 * Text of the pseudo-locale: accents on its letters, brackets around it, and a third longer. On a screen, text without
 * accents is hard-coded, and a missing bracket is text that was cut. Placeholders and plural forms stay as they are.
 */
export function pseudo(message) {
  const accented = accent(message);
  const letters = message.replace(/\{[^}]*\}/g, '').length;
  return `[${accented}${'·'.repeat(Math.ceil(letters / 3))}]`;
}

/** Accents all that is shown: text outside of braces, and inside of the forms of a plural or a choice. */
function accent(message) {
  let shown = '';
  let depth = 0;
  for (const letter of message) {
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    // Text stands at even depths: {count, plural, one {# user} other {# users}}.
    shown += depth % 2 === 0 ? (ACCENTED[letter] ?? letter) : letter;
  }
  return shown;
}
