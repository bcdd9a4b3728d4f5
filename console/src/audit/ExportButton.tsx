import { CombinedError } from '@urql/core';
import { useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { useSession } from '../app/session-context';
import { count } from '../format/numbers';
import type { HistoryFilter } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { FaultNote } from '../ui/feedback/FaultNote';
import { announce } from '../ui/feedback/live';
import { auditCsv, download, readAll } from './export';

interface Props {
  readonly filter: HistoryFilter;
  readonly nameOf: (permission: string) => string;
}

/** Saves what the filters show, all pages of it, as a file. */
export function ExportButton({ filter, nameOf }: Props): ReactNode {
  const client = useClient();
  const { session } = useSession();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setFault(null);
    try {
      const { entries, more } = await readAll(client, filter);
      const day = new Date().toISOString().slice(0, 10);
      download(`audit-log-${session.account}-${day}.csv`, auditCsv(entries, nameOf));
      const { length } = entries;
      announce(t(more ? 'audit.exportedSome' : 'audit.exported', { count: length, shown: count(length) }));
    } catch (error) {
      if (!(error instanceof CombinedError)) throw error;
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button isPending={busy} onPress={() => void save()}>
        {t('audit.export')}
      </Button>
      {fault && <FaultNote fault={fault} onRetry={() => void save()} />}
    </>
  );
}
