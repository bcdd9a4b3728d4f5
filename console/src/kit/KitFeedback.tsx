import type { ReactNode } from 'react';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Icon } from '../ui/marks/icons';
import { Note } from '../ui/feedback/Note';
import { Pager } from '../ui/surfaces/Pager';
import { RefusalNote } from '../ui/feedback/RefusalNote';
import { Sign } from '../ui/marks/Sign';
import { Skeleton } from '../ui/feedback/Skeleton';
import { Tag } from '../ui/marks/Tag';
import { Shelf } from './Shelf';

const nothing = (): void => undefined;
const refusal = {
  code: 'LAST_ADMIN' as const,
  message: 'The account needs an active account admin.',
  field: null,
  ids: ['User:admin'],
  permissions: [],
  currentVersion: null,
};

/** Feedback of the kit: notes, errors, empty lists, loading. */
export function KitFeedback(): ReactNode {
  return (
    <>
      <Shelf name="Sign, Tag">
        <Sign mark="added" />
        <Sign mark="removed" />
        <Sign mark="changed" />
        <Tag>no effect: Data export is off</Tag>
        <Tag>
          <Icon name="key" />
          privileged
        </Tag>
      </Shelf>
      <Shelf name="Note">
        <Note>Ali Rezaei is inactive: nothing changes for him until he is active again.</Note>
        <RefusalNote refusals={[refusal]} />
      </Shelf>
      <Shelf name="FaultNote">
        {(['offline', 'forbidden', 'busy', 'broken'] as const).map((kind) => (
          <FaultNote
            key={kind}
            fault={{
              kind,
              message: 'What the server said.',
              requestId: kind === 'broken' ? 'req-7f3a' : null,
            }}
            onRetry={nothing}
          />
        ))}
      </Shelf>
      <Shelf name="Empty">
        <Empty title="No role matches “nihgt”">
          <p>Names and descriptions are searched, in any case.</p>
        </Empty>
      </Shelf>
      <Shelf name="Skeleton">
        <Skeleton rows={4} />
      </Shelf>
      <Shelf name="Pager">
        <Pager
          place={{ page: 2 }}
          size={50}
          total={10_000}
          shown={50}
          info={{ hasNextPage: true, hasPreviousPage: true, startCursor: null, endCursor: null }}
          onTurn={nothing}
        />
      </Shelf>
    </>
  );
}
