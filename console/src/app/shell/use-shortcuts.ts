import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SCREENS } from './screens';

/** Milliseconds within which a letter follows `g`. */
const CHORD = 1_000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');

/** True while a dialog or a menu is open, which has the keys to itself. */
const isCovered = (): boolean =>
  document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;

/** Acts of the keys that lead to no screen. */
export interface Shortcuts {
  readonly openSheet: () => void;
  readonly openPalette: () => void;
}

/** Keys of the whole console: `?` the sheet, `/` the search of the view, `g` and a letter a screen, Ctrl K the palette. */
export function useShortcuts({ openSheet, openPalette }: Shortcuts): void {
  const navigate = useNavigate();
  const chordUntil = useRef(0);
  useEffect(() => {
    /** @returns true if the key means something */
    const plain = ({ key, timeStamp }: KeyboardEvent): boolean => {
      const screen = timeStamp < chordUntil.current && SCREENS.find((one) => one.key === key);
      chordUntil.current = key === 'g' ? timeStamp + CHORD : 0;
      if (screen) void navigate({ to: screen.to });
      else if (key === '?') openSheet();
      else if (key === '/') document.querySelector<HTMLElement>('[data-shortcut=search]')?.focus();
      else return false;
      return true;
    };
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || isCovered()) return;
      const isPalette =
        (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k';
      if (isPalette) openPalette();
      else if (event.ctrlKey || event.metaKey || isTyping(event.target) || !plain(event)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, openSheet, openPalette]);
}
