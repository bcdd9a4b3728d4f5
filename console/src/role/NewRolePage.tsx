import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { leaveFreely } from '../app/leaving';
import { changesOf } from '../draft/changes';
import { grantedKeys, nameOf, NEW_ROLE } from '../draft/role-draft';
import type { NewRolePageQuery } from '../generated/graphql';
import { t } from '../messages/i18n';
import { addressOf } from '../roles/role-address';
import { Menu } from '../ui/controls/Menu';
import { PageHead } from '../ui/surfaces/PageHead';
import { Tabs } from '../ui/controls/Tabs';
import { takeOver } from './copy-draft';
import { DetailsFields } from './DetailsFields';
import { RoleFormProvider } from './form';
import { LeaveGuard } from './LeaveGuard';
import { PermissionsTab } from './permissions/PermissionsTab';
import type { RoleSearch } from './role-search';
import { ReviewDialog } from './save/ReviewDialog';
import { SaveBar } from './save/SaveBar';
import { useCreate } from './save/use-create';
import { useMeanwhile } from './save/use-meanwhile';
import { sectionsOfCatalogue } from './sections';
import { Templates } from './Templates';
import { Trail } from './Trail';
import { useDraft } from './use-draft';
import { UsersTab } from './users/UsersTab';

const route = getRouteApi('/roles/new');

interface Props {
  readonly catalogue: NonNullable<NewRolePageQuery['permissionCatalogue']>;
  readonly mayAssign: boolean;
}

/** A role that is being created: the same form, on an empty base. */
export function NewRolePage({ catalogue, mayAssign }: Props): ReactNode {
  const search = route.useSearch();
  const navigate = useNavigate();
  const sections = useMemo(() => sectionsOfCatalogue(catalogue), [catalogue]);
  const { draft, edit, discard } = useDraft(NEW_ROLE);
  const [handed] = useState(takeOver);
  useEffect(() => {
    if (handed) edit(() => handed);
  }, [handed, edit]);
  const rights = useMemo(() => ({ details: true, permissions: true, users: mayAssign }), [mayAssign]);
  const form = useMemo(() => ({ draft, edit, sections, rights }), [draft, edit, sections, rights]);
  const changes = changesOf(draft);
  useMeanwhile(draft, changes.length > 0);
  const open = (id: string): Promise<void> =>
    leaveFreely(() => navigate({ to: '/roles/$roleId', params: { roleId: addressOf(id) } }));
  const create = useCreate({ draft, edit, onCreated: open });
  const drop = (): void => {
    discard();
    void leaveFreely(() => navigate({ to: '/roles', search: { tab: 'custom' } }));
  };
  const show = (next: RoleSearch, replace = true): void =>
    void navigate({ to: '.', search: next, replace, resetScroll: false });
  const { tab = 'permissions' } = search;
  return (
    <RoleFormProvider value={form}>
      <PageHead
        trail={<Trail kind="CUSTOM" />}
        title={nameOf(draft) || t('roles.create')}
        actions={
          <Menu
            label={t('new.actions')}
            entries={[
              { id: 'copy', label: t('new.createAndCopy'), act: () => void create.createAndCopy() },
              { id: 'delete', label: t('new.delete'), act: drop, removes: true },
            ]}
          />
        }
      />
      <DetailsFields refusals={create.refusals} />
      <Templates templates={catalogue.roleTemplates} />
      <Tabs
        label={t('roles.create')}
        tabs={[
          { id: 'permissions', label: t('role.permissions'), count: grantedKeys(draft).length },
          { id: 'users', label: t('role.users'), count: Object.keys(draft.edits.assign).length },
        ]}
        selected={tab === 'history' ? 'permissions' : tab}
        onSelect={(next) => show({ tab: next }, false)}
      >
        {tab === 'users' ? (
          <UsersTab search={search} onShow={show} roleId={null} userCount={0} />
        ) : (
          <PermissionsTab search={search} onShow={show} />
        )}
      </Tabs>
      <SaveBar creates changes={changes} save={create} onDiscard={drop} />
      <LeaveGuard count={changes.length} onDiscard={discard} />
      {create.reviewing && <ReviewDialog save={create} changes={changes} userCount={0} />}
    </RoleFormProvider>
  );
}
