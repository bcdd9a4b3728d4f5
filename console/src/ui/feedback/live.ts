import { useSyncExternalStore } from 'react';

/** The text that the live region shows and reads out; a new one replaces it. */
let text = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

const SHOWN = 6_000;

function set(next: string): void {
  text = next;
  for (const listener of listeners) listener();
}

/** Tells the reader of something that happened, as “Saved”: shown for a few seconds, and read out. */
export function announce(next: string): void {
  clearTimeout(timer);
  // The same text twice is read out twice only if it was gone in between.
  set('');
  setTimeout(() => set(next), 30);
  timer = setTimeout(() => set(''), SHOWN);
}

/** Text of the live region. */
export const useAnnouncement = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => text,
  );
