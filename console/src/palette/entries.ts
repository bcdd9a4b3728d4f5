/** A place to go, or an act. */
export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly aside?: string;
  readonly act: () => void;
}

/** Entries of a kind under a title. */
export interface PaletteGroup {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Entries of which each word of a text begins a word, in any case, with or without accents. */
export function matching(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return entries.filter(({ label }) => {
    const parts = folded(label).split(/\P{L}+/u);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  });
}
