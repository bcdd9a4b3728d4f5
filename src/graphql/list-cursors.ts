/** Cursors of lists between their form in the read models and the one that clients see, which is bound to the account. */
export interface ListCursors {
  seal(cursor: string): string;
  /** Null for a text that is no cursor of the account. */
  open(text: string): string | null;
}
