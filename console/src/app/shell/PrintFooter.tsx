import { useLocation } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { utcMoment } from '../../format/dates';
import { MomentShownDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { asOfArgument } from '../../past/use-as-of';
import { useSession } from '../session-context';
import styles from './PrintFooter.module.css';

interface Props {
  /** The moment of the past that the page shows; undefined: now. */
  readonly asOf: string | undefined;
  /** Position that the screens of now show; null: not known yet. */
  readonly position: string | null;
}

/** Foot of each printed page, so that paper says of what it is: the account, the moment, the position, the address. */
export function PrintFooter({ asOf, position }: Props): ReactNode {
  const { session, accountName } = useSession();
  const [{ data }] = useQuery({
    query: MomentShownDocument,
    variables: { asOf: asOfArgument(asOf) },
    pause: asOf === undefined,
  });
  const printedAt = usePrintedAt();
  const shown = asOf === undefined ? position : data?.account?.asOf?.position;
  // The page is rendered anew when it leads elsewhere.
  useLocation();
  return (
    <footer className={styles.footer}>
      <p className={styles.line}>
        <span>{accountName || session.account}</span>
        <span>
          {t(asOf === undefined ? 'print.now' : 'past.asOf', { moment: utcMoment(asOf ?? printedAt) })}
        </span>
        {shown && (
          <span>
            {t('print.position')} <code>{shown}</code>
          </span>
        )}
        <span>{location.href}</span>
      </p>
    </footer>
  );
}

/** Time at which the page was last printed, or first shown. */
function usePrintedAt(): string {
  const [at, setAt] = useState(() => new Date().toISOString());
  useEffect(() => {
    const print = (): void => setAt(new Date().toISOString());
    window.addEventListener('beforeprint', print);
    return () => window.removeEventListener('beforeprint', print);
  }, []);
  return at;
}
