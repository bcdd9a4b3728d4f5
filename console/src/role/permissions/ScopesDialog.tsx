import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { keepScopes } from '../../draft/edit';
import { ScopesOfPermissionDocument, ScopesOfRoleDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Dialog } from '../../ui/surfaces/Dialog';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { useRoleForm } from '../form';
import type { FormPermission } from '../sections';
import { beginOf, scopesIn } from './scopes';
import { ScopeList } from './ScopeList';

interface Props {
  readonly permission: FormPermission;
  readonly onClose: () => void;
}

/** The scopes of a permission: access by the API that comes along with it, and may be narrowed. */
export function ScopesDialog({ permission, onClose }: Props): ReactNode {
  const { draft, edit, rights } = useRoleForm();
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const isNew = draft.base.id === null;
  const [{ data, error }, ask] = useQuery({
    query: isNew ? ScopesOfPermissionDocument : ScopesOfRoleDocument,
    variables: { id: permission.scopesId },
  });
  const scopes = data && scopesIn(data.node);
  const mayChange = rights.permissions && permission.grantable && !permission.retired;
  const keep = scopes ? (chosen ?? beginOf(draft, permission.key, scopes)) : [];
  const apply = (): void => {
    if (!scopes) return;
    const all = scopes.map(({ name }) => name);
    const before = scopes.filter(({ selected }) => selected).map(({ name }) => name);
    if (chosen) edit((now) => keepScopes(now, permission.key, chosen, { all, before }));
    onClose();
  };
  return (
    <Dialog
      title={t('scopes.title')}
      onClose={onClose}
      foot={
        mayChange ? (
          <>
            <Button look="plain" onPress={onClose}>
              {t('cancel')}
            </Button>
            <Button look="primary" isDisabled={!scopes} onPress={apply}>
              {t('scopes.apply', { count: keep.length })}
            </Button>
          </>
        ) : (
          <Button onPress={onClose}>{t('close')}</Button>
        )
      }
    >
      <p>{t('scopes.text', { permission: permission.description })}</p>
      {scopes ? (
        <ScopeList scopes={scopes} keep={keep} onKeep={mayChange ? setChosen : null} />
      ) : error ? (
        <FaultNote fault={faultOf(error)} onRetry={() => ask()} />
      ) : (
        <Skeleton rows={permission.totalScopeCount} />
      )}
    </Dialog>
  );
}
