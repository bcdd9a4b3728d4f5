import { RouterProvider } from '@tanstack/react-router';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { Provider } from 'urql';
import { client } from '../api/client';
import { onSignedOut } from '../api/console-fetch';
import { endSession, fetchSession, type SessionAnswer } from '../api/session';
import { dropDrafts } from '../draft/keep';
import { t } from '../messages/i18n';
import { FaultNote } from '../ui/feedback/FaultNote';
import { leave } from './leaving';
import { router } from './router';
import { SignedIn } from './SignedIn';
import { SignedOut } from './SignedOut';

/** Asks who is signed in, then shows the screens, or the way to sign in. */
export function App(): ReactNode {
  const [answer, setAnswer] = useState<SessionAnswer | Error | null>(null);
  const ask = useCallback(() => {
    fetchSession().then(setAnswer, setAnswer);
  }, []);
  useEffect(ask, [ask]);
  // A session that ends while a screen is open: the page that was there is gone, its drafts are kept in the tab.
  useEffect(() => onSignedOut(() => setAnswer((now) => (now && 'session' in now ? null : now))), []);
  useEffect(() => {
    if (answer === null) ask();
  }, [answer, ask]);

  if (answer === null) return null;
  if (answer instanceof Error)
    return (
      <main id="main">
        <FaultNote fault={{ kind: 'offline', message: t('fault.offline'), requestId: null }} onRetry={ask} />
      </main>
    );
  if (answer.state === 'signed-out') return <SignedOut mode={answer.signIn} />;
  const signOut = (): void =>
    leave(() => {
      dropDrafts(sessionStorage);
      const signedOut = (): void => setAnswer({ state: 'signed-out', signIn: answer.session.mode });
      void endSession().then((to) => (to === null ? signedOut() : location.assign(to)), signedOut);
    });
  return (
    <Provider value={client}>
      <SignedIn session={answer.session} signOut={signOut}>
        <RouterProvider router={router} />
      </SignedIn>
    </Provider>
  );
}
