import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { RoleChoicesDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { addressOf } from '../roles/role-address';
import { FilterPicker, type Found } from '../ui/controls/FilterPicker';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { useKept } from '../ui/use-kept';

interface Props {
  /** Address of the role that is filtered by. */
  readonly chosen: string | undefined;
  /** Its name, once that is known. */
  readonly name: string | null;
  readonly onChoose: (address: string | undefined) => void;
}

/** Filter of the list by a role, which is looked for by name. */
export function RoleFilter({ chosen, name, onChoose }: Props): ReactNode {
  return (
    <FilterPicker
      label={t('people.filterRole')}
      value={chosen === undefined ? null : (name ?? t('people.filterRoleUnknown'))}
      searchLabel={t('people.searchRoles')}
      any={t('people.filterRoleAny')}
      chosen={chosen}
      onChoose={onChoose}
      useFound={useFoundRoles}
    />
  );
}

const SHOWN = 20;

/** Roles to choose from, by a part of their name. */
export function useFoundRoles(text: string): Found {
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: RoleChoicesDocument,
    variables: { search: text || undefined, first: SHOWN, asOf: asOfArgument(asOf) },
  });
  const roles = useKept(data)?.roles;
  const fault = error && !data ? <FaultNote fault={faultOf(error)} onRetry={() => ask()} /> : null;
  const more = (roles?.totalCount ?? 0) - SHOWN;
  return {
    picks: roles?.nodes.map(({ key, name }) => ({ id: addressOf(key), name })),
    none: t('roles.noMatch', { text }),
    before: fault ?? (roles === undefined && <Skeleton rows={4} />),
    after:
      roles === null ? t('people.rolesForbidden') : more > 0 && t('people.filterRoleMore', { count: more }),
  };
}
