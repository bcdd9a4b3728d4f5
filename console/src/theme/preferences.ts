/** Choices of a reader that a browser remembers. */
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
}

const NAME = 'rolebook.preferences';
const DEFAULTS: Preferences = { theme: 'system', density: 'comfortable' };
const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Preferences of this browser. */
export function readPreferences(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Preferences>) };
  } catch {
    // Storage that is switched off, or text that is not ours: the defaults serve.
    return DEFAULTS;
  }
}

/** Shows preferences, and remembers them. */
export function writePreferences(preferences: Preferences): void {
  apply(preferences);
  try {
    localStorage.setItem(NAME, JSON.stringify(preferences));
  } catch {
    // They hold for this page, then.
  }
}

/** Shows the preferences of this browser, and follows the system where they leave it to that. */
export function startPreferences(): void {
  apply(readPreferences());
  dark.addEventListener('change', () => apply(readPreferences()));
}

function apply({ theme, density }: Preferences): void {
  const { dataset } = document.documentElement;
  dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  dataset.density = density;
}
