/** The position of the last change of this tab: every later query asks for it, so that it reads its own writes. */
let held: string | null = null;

/** Position to ask for; null: any. */
export const heldPosition = (): string | null => held;

/** Holds the position that a mutation led to. */
export function holdPosition(position: string | null | undefined): void {
  if (position) held = position;
}
