/** Longest path that a sign-in leads back to. */
const LONGEST = 2_000;

/**
 * The path below the console that a sign-in leads to. None given: `/roles` in the console. Null for one that leads out of
 * the console, or to another host.
 */
export function returnPath(to: unknown, base: string): string | null {
  if (to === undefined) return `${base}/roles`;
  // A browser takes a backslash for a slash, and drops tabs and line ends.
  if (typeof to !== 'string' || to.length > LONGEST || /[\\\s\p{Cc}]/u.test(to)) return null;
  if (!to.startsWith(`${base}/`)) return null;
  const origin = 'https://console.invalid';
  if (!URL.canParse(to, origin)) return null;
  const url = new URL(to, origin);
  // Dots in a path may climb out of the console.
  if (url.origin !== origin || !url.pathname.startsWith(`${base}/`)) return null;
  return `${url.pathname}${url.search}`;
}
