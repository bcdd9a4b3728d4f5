const PLAIN = 'acdeghijklnorstuwyzACDEGINORSTUYZ';
const ACCENTED = 'áçðéĝĥíĵķļñóŕšţúŵýžÁÇÐÉĜÍÑÓŔŠŢÚÝŽ';

/**
 * Text of the pseudo-locale: accents on its letters, brackets around it, and a third longer. On a screen, text without
 * accents is hard-coded, and a missing bracket is text that was cut. Placeholders and plural forms stay as they are.
 */
export function pseudo(message: string): string {
  const letters = message.replace(/\{[^}]*\}/g, '').length;
  return `[${accent(message)}${'·'.repeat(Math.ceil(letters / 3))}]`;
}

/** Accents all that is shown: text outside of braces, and inside of the forms of a plural or a choice. */
function accent(message: string): string {
  let shown = '';
  let depth = 0;
  for (const letter of message) {
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    // Text stands at even depths: {count, plural, one {# user} other {# users}}.
    shown += depth % 2 === 0 ? accented(letter) : letter;
  }
  return shown;
}

const accented = (letter: string): string => ACCENTED[PLAIN.indexOf(letter)] ?? letter;
