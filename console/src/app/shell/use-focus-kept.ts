import { useEffect } from 'react';

/**
 * Keeps the focus in the page. Where what had it is gone, as a button that saved the last change, or a link to another page,
 * the content gets it: the next Tab goes on there, and does not begin at the top of the document.
 */
export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null;
    let frame = 0;
    const remember = ({ target }: FocusEvent): void => {
      last = target instanceof Element ? target : null;
    };
    const isLost = (): boolean =>
      last !== null && !last.isConnected && (document.activeElement ?? document.body) === document.body;
    const take = (): void => {
      if (isLost()) document.getElementById('main')?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      if (!isLost()) return;
      cancelAnimationFrame(frame);
      // A dialog that closes gives the focus back to its opener in the next frame.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(take);
      });
    });
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      document.removeEventListener('focusin', remember);
    };
  }, []);
}
