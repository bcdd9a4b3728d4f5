import { useState, type ReactNode } from 'react';
import { Button } from '../ui/controls/Button';
import { announce } from '../ui/feedback/live';
import { offerUndo } from '../ui/feedback/undo';
import { Dialog } from '../ui/surfaces/Dialog';
import { Shelf } from './Shelf';

const taken = (): Promise<null> => Promise.resolve(null);
const refused = (): Promise<string> => Promise.resolve('Then nobody active would be an account admin.');

/** Dialogs of the kit, and the live region. */
export function KitDialogs(): ReactNode {
  const [open, setOpen] = useState<'dialog' | 'panel' | null>(null);
  const close = (): void => setOpen(null);
  return (
    <>
      <Shelf name="Dialog, panel, live region">
        <Button onPress={() => setOpen('dialog')}>Open a dialog</Button>
        <Button onPress={() => setOpen('panel')}>Open a panel</Button>
        <Button onPress={() => announce('Saved 3 changes')}>Announce</Button>
        <Button onPress={() => offerUndo({ text: 'Took Agent from Ema Novak', undo: taken })}>Undo</Button>
        <Button onPress={() => offerUndo({ text: 'Gave Agent to Ema Novak', undo: refused })}>
          Undo, refused
        </Button>
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
