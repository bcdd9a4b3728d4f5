/** Surfaces over the page: each was opened on what the page showed, and is settled on that. */
const OVER = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** A field that holds words of the reader; a search or a box is none. */
const WRITTEN = 'input:not([type=checkbox], [type=search]), textarea';

/** True while somebody has the page in hand: reading it anew would change it under them. */
export const isInHand = (): boolean =>
  document.querySelector(OVER) !== null || document.activeElement?.matches(WRITTEN) === true;

/** Forms with edits, each told of a position in place of being read anew. */
const forms = new Set<(position: string) => void>();

/** Keeps the screens as they are while a form has edits. @returns the way to let go of them */
export function holdScreens(onPosition: (position: string) => void): () => void {
  forms.add(onPosition);
  return () => forms.delete(onPosition);
}

/** Tells the forms that hold the screens of a position. @returns true if there is one */
export function tellForms(position: string): boolean {
  for (const tell of forms) tell(position);
  return forms.size > 0;
}
