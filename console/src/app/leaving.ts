/**
 * Ways out of a page. A page with changes that are not saved is asked before it is left: by a link, by the way back, by
 * signing out. The browser asks by itself before its tab is closed.
 */

/** Asks whether the page may be left, and goes if so. */
type Ask = (go: () => void) => void;

let asked: Ask | null = null;
let free = false;

/** Has a page asked before it is left. @returns the way to stop that */
export function askBeforeLeaving(ask: Ask): () => void {
  asked = ask;
  return () => {
    if (asked === ask) asked = null;
  };
}

/** Goes at once, or once the page with unsaved changes was left on purpose. */
export function leave(go: () => void): void {
  if (asked) asked(go);
  else go();
}

/** True while a page is left that needs no question: its draft was saved, dropped, or went elsewhere. */
export const isFree = (): boolean => free;

/** Leaves a page whose draft needs no question. */
export async function leaveFreely(go: () => Promise<void>): Promise<void> {
  free = true;
  try {
    await go();
  } finally {
    free = false;
  }
}
