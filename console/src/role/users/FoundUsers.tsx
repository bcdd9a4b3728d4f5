import type { ReactNode } from 'react';
import type { Fault } from '../../api/fault';
import type { Person } from '../../draft/role-draft';
import type { UsersToAddQuery } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { Pager } from '../../ui/surfaces/Pager';
import type { Place } from '../../ui/surfaces/place';
import { PickList } from './PickList';

export const PANEL_PAGE = 50;

interface Props {
  /** Undefined: not there yet. Null: the caller may not see users. */
  readonly users: UsersToAddQuery['users'] | undefined;
  readonly fault: Fault | null;
  readonly searching: boolean;
  readonly text: string;
  readonly place: Place;
  /** Tells who is not offered, for being chosen already. */
  readonly skip: (person: Person) => boolean;
  readonly onFlip: (person: Person, on: boolean) => void;
  readonly onTurn: (place: Place) => void;
  readonly onRetry: () => void;
}

/** Users that a search found, page by page. */
export function FoundUsers(props: Props): ReactNode {
  const { users, fault, searching, text, place, skip, onFlip, onTurn, onRetry } = props;
  if (fault) return <FaultNote fault={fault} onRetry={onRetry} />;
  if (users === undefined) return <Skeleton rows={8} />;
  if (users === null) return <p>{t('panel.forbidden')}</p>;
  return (
    <>
      <PickList
        title={titleOf(text, users.totalCount)}
        people={users.nodes.filter((person) => !skip(person))}
        checked={false}
        dimmed={searching}
        onFlip={onFlip}
      />
      <Pager
        place={place}
        size={PANEL_PAGE}
        total={users.totalCount}
        shown={users.nodes.length}
        info={users.pageInfo}
        onTurn={onTurn}
      />
    </>
  );
}

function titleOf(text: string, total: number | null): string {
  if (total === null) return t('panel.foundMany');
  return t(text === '' ? 'panel.all' : 'panel.found', { count: total });
}
