import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SCREENS } from './screens';

/** Milliseconds within which a letter follows `g`. */
const CHORD = 1_000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');

/** Keys of the whole console: `?` the sheet, `/` the search of the view, `g` and a letter a screen. */
export function useShortcuts(openSheet: () => void): void {
  const navigate = useNavigate();
  const chordUntil = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, timeStamp } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      // A dialog has the keys to itself.
      if (document.querySelector('[role=dialog], [role=alertdialog], [role=menu]')) return;
      const screen = timeStamp < chordUntil.current && SCREENS.find((one) => one.key === key);
      chordUntil.current = key === 'g' ? timeStamp + CHORD : 0;
      if (screen) void navigate({ to: screen.to });
      else if (key === '?') openSheet();
      else if (key === '/') document.querySelector<HTMLElement>('[data-shortcut=search]')?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, openSheet]);
}
