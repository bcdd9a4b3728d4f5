import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { changesOf } from '../draft/changes';
import { descriptionOf, grantedKeys, nameOf } from '../draft/role-draft';
import type { RolePageQuery } from '../generated/graphql';
import { t } from '../messages/i18n';
import { momentShown, useAsOf } from '../past/use-as-of';
import { PageHead } from '../ui/surfaces/PageHead';
import { Tabs } from '../ui/controls/Tabs';
import { DetailsFields } from './DetailsFields';
import { factsOf } from './facts';
import { RoleFormProvider } from './form';
import { HistoryTab } from './HistoryTab';
import { LeaveGuard } from './LeaveGuard';
import { LifePlayer } from './life/LifePlayer';
import { marksOf, useLife } from './life/use-life';
import { PermissionsTab } from './permissions/PermissionsTab';
import { RoleActions } from './RoleActions';
import type { RoleSearch } from './role-search';
import { SaveBar } from './save/SaveBar';
import { SaveDialogs } from './save/SaveDialogs';
import { useMeanwhile } from './save/use-meanwhile';
import { useSave } from './save/use-save';
import { baseOf, sectionsOfRole, type RoleOfPage } from './sections';
import { Trail } from './Trail';
import { useDraft } from './use-draft';
import { UsersTab } from './users/UsersTab';

const route = getRouteApi('/roles/$roleId');

interface Props {
  readonly role: RoleOfPage;
  readonly account: RolePageQuery['account'];
  readonly reload: () => void;
}

/** A role that exists. */
export function RolePage({ role, account, reload }: Props): ReactNode {
  const search = route.useSearch();
  const navigate = useNavigate();
  const asOf = useAsOf();
  const base = useMemo(() => baseOf(role), [role]);
  const sections = useMemo(() => sectionsOfRole(role), [role]);
  const { draft, edit, discard, restored } = useDraft(base);
  const found = restored && { role, merge: restored };
  const save = useSave({ draft, edit, onSaved: reload, found });
  const rights = useMemo(() => rightsOf(role), [role]);
  const life = useLife(role.key, asOf);
  const form = useMemo(
    () => ({ draft, edit, sections, rights, marks: marksOf(life) }),
    [draft, edit, sections, rights, life],
  );
  const changes = changesOf(draft);
  const meanwhile = useMeanwhile(draft, changes.length > 0);
  const show = (next: RoleSearch, replace = true): void =>
    void navigate({ to: '.', search: next, replace, resetScroll: false });
  const { tab = 'permissions' } = search;
  const { assign, unassign } = draft.edits;
  const mayViewHistory = account?.allowedActions.includes('VIEW_HISTORY') ?? false;
  return (
    <RoleFormProvider value={form}>
      <PageHead
        trail={<Trail kind={role.kind} />}
        title={nameOf(draft)}
        lede={descriptionOf(draft)}
        facts={factsOf(role, momentShown(asOf))}
        actions={<RoleActions role={role} draft={draft} sections={sections} />}
      />
      {life && <LifePlayer life={life} />}
      {rights.details && <DetailsFields refusals={save.refusals} />}
      <Tabs
        label={role.name}
        tabs={[
          { id: 'permissions', label: t('role.permissions'), count: grantedKeys(draft).length },
          {
            id: 'users',
            label: t('role.users'),
            count: role.userCount + Object.keys(assign).length - Object.keys(unassign).length,
          },
          { id: 'history', label: t('role.history') },
        ]}
        selected={tab}
        onSelect={(next) => show({ tab: next }, false)}
      >
        {tab === 'permissions' && <PermissionsTab key={life?.step.id} search={search} onShow={show} />}
        {tab === 'users' && (
          <UsersTab search={search} onShow={show} roleId={role.id} userCount={role.userCount} />
        )}
        {tab === 'history' && (
          <HistoryTab search={search} onShow={show} role={role} allowed={mayViewHistory} />
        )}
      </Tabs>
      {changes.length > 0 && (
        <SaveBar
          changes={changes}
          save={save}
          onDiscard={discard}
          meanwhile={{ found: meanwhile, show: () => void save.showConflict() }}
        />
      )}
      <LeaveGuard count={changes.length} onDiscard={discard} />
      <SaveDialogs save={save} changes={changes} userCount={role.userCount} />
    </RoleFormProvider>
  );
}

const rightsOf = ({ allowedActions }: RoleOfPage) => ({
  details: allowedActions.includes('EDIT_DETAILS'),
  permissions: allowedActions.includes('EDIT_PERMISSIONS'),
  users: allowedActions.includes('EDIT_MEMBERSHIP'),
});
