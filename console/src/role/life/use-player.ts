import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { movedTo } from '../../past/past-search';
import type { Life, Way } from './use-life';

/** Milliseconds that a step stands while the life of a role plays. */
const STANDS = 2_500;

const KEYS: Readonly<Record<string, Way>> = {
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  Home: 'first',
  End: 'last',
};

/** Elements that have the arrows to themselves: typed into, or chosen from. */
const OWN_ARROWS = 'input, textarea, select, [contenteditable], [role=tab], [role=spinbutton]';
const OVER = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Steps through a role’s life. */
export interface Player {
  readonly go: (way: Way) => void;
  readonly isPlaying: boolean;
  readonly play: (on: boolean) => void;
}

/** Goes from step to step: by buttons, by the arrow keys, and by itself. */
export function usePlayer({ ways }: Life): Player {
  const navigate = useNavigate();
  const [wantsToPlay, play] = useState(false);
  const { later, last } = ways;
  const isPlaying = wantsToPlay && later !== undefined;
  const goTo = useCallback(
    (to: string | undefined): void => {
      if (to !== undefined)
        void navigate({ to: '.', search: movedTo(to), replace: true, resetScroll: false });
    },
    [navigate],
  );
  useEffect(() => {
    if (!isPlaying) return;
    const step = (): void => {
      goTo(later);
      if (later === last) play(false);
    };
    const timer = setTimeout(step, STANDS);
    return () => clearTimeout(timer);
  }, [isPlaying, goTo, later, last]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const way = KEYS[event.key];
      const { target } = event;
      const isElsewhere = target instanceof Element && target.closest(OWN_ARROWS) !== null;
      if (!way || isElsewhere || event.defaultPrevented || document.querySelector(OVER)) return;
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      play(false);
      goTo(ways[way]);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [goTo, ways]);
  const begin = (on: boolean): void => {
    // From the end it plays once more from the beginning.
    if (on && later === undefined) goTo(ways.first);
    play(on);
  };
  return { go: (way) => goTo(ways[way]), isPlaying, play: begin };
}
