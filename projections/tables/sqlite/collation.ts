/**
 * Compares texts as SQLite does: by code point. JavaScript's `<` compares UTF-16 units, which sorts code points beyond
 * the basic plane before the last ones of it.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? rank(x) - rank(y) : x - y;
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000);
