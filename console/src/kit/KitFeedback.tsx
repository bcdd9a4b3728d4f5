import { useState, type ReactNode } from 'react';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Empty } from '../ui/Empty';
import { FaultNote } from '../ui/FaultNote';
import { Icon } from '../ui/icons';
import { announce } from '../ui/live';
import { Note } from '../ui/Note';
import { Pager } from '../ui/Pager';
import { RefusalNote } from '../ui/RefusalNote';
import { Sign } from '../ui/Sign';
import { Skeleton } from '../ui/Skeleton';
import { Tag } from '../ui/Tag';
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

/** Feedback of the kit: notes, errors, empty lists, loading, dialogs. */
export function KitFeedback(): ReactNode {
  const [open, setOpen] = useState<'dialog' | 'panel' | null>(null);
  const close = (): void => setOpen(null);
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
            fault={{ kind, message: 'What the server said.', requestId: kind === 'broken' ? 'req-7f3a' : null }}
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
      <Shelf name="Dialog, panel, live region">
        <Button onPress={() => setOpen('dialog')}>Open a dialog</Button>
        <Button onPress={() => setOpen('panel')}>Open a panel</Button>
        <Button onPress={() => announce('Saved 3 changes')}>Announce</Button>
      </Shelf>
      {open && (
        <Dialog
          look={open}
          title="Save 3 changes of Night desk?"
          onClose={close}
          foot={
            <>
              <Button look="plain" onPress={close}>
                Back
              </Button>
              <Button look="primary" onPress={close}>
                Save 3 changes
              </Button>
            </>
          }
        >
          <p>Content of the dialog.</p>
        </Dialog>
      )}
    </>
  );
}
