/** The position that this tab has seen: every later request asks for it, so that it reads its own writes and no older state. */
let held: string | null = null;

/** Position to ask for; null: any. */
export const heldPosition = (): string | null => held;

/** Holds the position that a mutation led to. */
export function holdPosition(position: string | null | undefined): void {
  if (position) held = position;
}

/** Puts the position of an answer in place of the one that its request was sent with, which it covers. */
export function advancePosition(sent: string | null, shown: string): void {
  // A mutation that was answered meanwhile has led further than this answer shows.
  if (held === sent) held = shown;
}

/** Holds none any more: the log is another one, as after a restore. */
export function releasePosition(): void {
  held = null;
}
