import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { RoleChoicesDocument, type RoleChoiceFragment } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { Pager } from '../../ui/surfaces/Pager';
import { pageOf, type Place } from '../../ui/surfaces/place';
import { useKept } from '../../ui/use-kept';
import { RolePickList } from './RolePickList';

interface Props {
  readonly text: string;
  readonly place: Place;
  /** Tells which roles are not offered: they are held or chosen already. */
  readonly skip: (role: RoleChoiceFragment) => boolean;
  readonly onFlip: (role: RoleChoiceFragment, on: boolean) => void;
  readonly onTurn: (place: Place) => void;
}

const PAGE_SIZE = 50;

/** Roles that a search found, page by page. */
export function FoundRoles({ text, place, skip, onFlip, onTurn }: Props): ReactNode {
  const [{ data, error, fetching }, ask] = useQuery({
    query: RoleChoicesDocument,
    variables: { search: text || undefined, ...pageOf(place, PAGE_SIZE) },
  });
  const roles = useKept(data)?.roles;
  if (error && !roles && !data) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (roles === undefined) return <Skeleton rows={8} />;
  if (roles === null) return <p>{t('people.rolesForbidden')}</p>;
  const found = roles.nodes.filter((role) => !skip(role));
  return (
    <>
      <RolePickList
        title={titleOf(text, found.length)}
        roles={found}
        checked={false}
        dimmed={fetching}
        onFlip={onFlip}
      />
      <Pager
        place={place}
        size={PAGE_SIZE}
        total={roles.totalCount}
        shown={roles.nodes.length}
        info={roles.pageInfo}
        onTurn={onTurn}
      />
    </>
  );
}

const titleOf = (text: string, shown: number): string => {
  if (shown > 0) return t('rolesPanel.found');
  return t(text === '' ? 'rolesPanel.allHeld' : 'rolesPanel.nothing');
};
