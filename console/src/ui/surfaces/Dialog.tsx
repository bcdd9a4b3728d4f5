import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { classes } from '../classes';
import styles from './Dialog.module.css';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** `panel`: beside the page, as high as the window. */
  readonly look?: 'dialog' | 'panel';
  /** `alertdialog`: interrupts, as a conflict does. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly wide?: boolean;
  /** Nothing in it takes the focus: the content does, so that the keyboard scrolls it. */
  readonly reads?: boolean;
  readonly children: ReactNode;
  /** Buttons, below the content, which scrolls. */
  readonly foot: ReactNode;
}

/** A dialog, open as long as it is rendered. Focus goes back to its opener. */
export function Dialog({
  title,
  onClose,
  look = 'dialog',
  role = 'dialog',
  wide = false,
  reads = false,
  children,
  foot,
}: Props): ReactNode {
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => !open && onClose()}
      className={classes(styles.veil, look === 'panel' && styles.beside)}
    >
      <Modal className={classes(styles[look], wide && styles.wide)}>
        <AriaDialog role={role} className={styles.content}>
          <Heading slot="title" level={2} className={styles.title}>
            {title}
          </Heading>
          <div className={styles.body} tabIndex={reads ? 0 : undefined}>
            {children}
          </div>
          <div className={styles.foot}>{foot}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
