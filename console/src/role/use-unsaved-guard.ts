import { useBlocker } from '@tanstack/react-router';
import { t } from '../messages/i18n';

/** Asks before a page with changes that are not saved is left. Another tab of the same page is no leave. */
export function useUnsavedGuard(pending: boolean): void {
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (!pending || current.pathname === next.pathname || leaving) return false;
      return !window.confirm(t('unsaved.question'));
    },
    enableBeforeUnload: () => pending && !leaving,
  });
}

/** True while a page is left on purpose: its draft was saved, dropped, or went elsewhere. */
let leaving = false;

/** Leaves a page whose draft needs no question. */
export async function leaveFreely(go: () => Promise<void>): Promise<void> {
  leaving = true;
  try {
    await go();
  } finally {
    leaving = false;
  }
}
