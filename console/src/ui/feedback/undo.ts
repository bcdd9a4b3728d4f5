import { useSyncExternalStore } from 'react';

/** A change that was made at once, and may be taken back for a while. */
export interface Undoable {
  /** Sentence that says what was done. */
  readonly text: string;
  /** Takes it back by a command of its own. @returns why that was refused; null: it is taken back */
  readonly undo: () => Promise<string | null>;
}

/** State of the bar: a change that can be taken back, one that is being taken back, or the reason why it was not. */
export interface Offer extends Undoable {
  readonly state: 'offered' | 'undoing' | 'refused';
  readonly refusal?: string;
}

/** Milliseconds for which a change can be taken back, and for which a refusal of that is shown. */
const OFFERED = 10_000;

let offer: Offer | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: Offer | null): void {
  clearTimeout(timer);
  offer = next;
  if (next && next.state !== 'undoing') timer = setTimeout(() => set(null), OFFERED);
  for (const listener of listeners) listener();
}

/** Offers to take a change back. It takes the place of the change before, which stays as it is. */
export const offerUndo = (change: Undoable): void => set({ ...change, state: 'offered' });

/** Takes the change back that is offered. @returns true if it is taken back */
export async function undoNow(): Promise<boolean> {
  const taken = offer;
  if (taken?.state !== 'offered') return false;
  set({ ...taken, state: 'undoing' });
  const refusal = await taken.undo();
  // Another change that was offered meanwhile keeps its place.
  if (offer?.undo === taken.undo) set(refusal === null ? null : { ...taken, state: 'refused', refusal });
  return refusal === null;
}

/** The change that can be taken back now. */
export const useOffer = (): Offer | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer,
  );
