import { useLayoutEffect } from 'react';

/** Gives the page the look of the past while it shows one: before it is painted, so that no page is seen in both. */
export function usePastLook(isPast: boolean): void {
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (isPast) dataset.moment = 'past';
    return () => {
      delete dataset.moment;
    };
  }, [isPast]);
}
