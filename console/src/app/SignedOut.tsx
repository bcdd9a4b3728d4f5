import type { ReactNode } from 'react';
import type { SignInMode } from '../api/session';
import { t } from '../messages/i18n';
import { basePath, served } from './base-path';
import styles from './SignedOut.module.css';

/** The way to sign in, where nobody is. In local mode that is a link that the server prints. */
export function SignedOut({ mode }: { readonly mode: SignInMode }): ReactNode {
  const here = `${location.pathname}${location.search}`;
  const to = here.startsWith(basePath) ? here : basePath;
  return (
    <main id="main" className={styles.page}>
      <div className={styles.content}>
        <i className={styles.seal} />
        <h1>{t('signedOut.title')}</h1>
        {mode === 'oidc' ? (
          <>
            <p>{t('signedOut.oidc')}</p>
            <a className={styles.button} href={`${served('sign-in')}?to=${encodeURIComponent(to)}`}>
              {t('signedOut.signIn')}
            </a>
          </>
        ) : (
          <>
            <p>{t('signedOut.local')}</p>
            <pre>npm start</pre>
            <p>{t('signedOut.localOnce')}</p>
          </>
        )}
      </div>
    </main>
  );
}
