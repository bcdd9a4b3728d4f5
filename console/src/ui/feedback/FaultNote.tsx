import type { ReactNode } from 'react';
import type { Fault } from '../../api/fault';
import { t, type MessageKey } from '../../messages/i18n';
import { Button } from '../controls/Button';
import { CopyText } from '../marks/CopyText';
import { Note } from './Note';

const TITLES: Record<Fault['kind'], MessageKey> = {
  offline: 'fault.offline',
  forbidden: 'fault.forbidden',
  busy: 'fault.busy',
  broken: 'fault.broken',
};

interface Props {
  readonly fault: Fault;
  readonly onRetry?: () => void;
}

/** An error: what happened, what to do about it, and the id of the request to report it with. */
export function FaultNote({ fault, onRetry }: Props): ReactNode {
  return (
    <Note look="problem" alert>
      <p>
        <strong>{t(TITLES[fault.kind])}</strong>
      </p>
      {fault.kind !== 'offline' && <p>{fault.message}</p>}
      {fault.requestId && (
        <p>
          {t('fault.request')} <CopyText text={fault.requestId} />
        </p>
      )}
      {onRetry && fault.kind !== 'forbidden' && (
        <p>
          <Button onPress={onRetry}>{t('retry')}</Button>
        </p>
      )}
    </Note>
  );
}
