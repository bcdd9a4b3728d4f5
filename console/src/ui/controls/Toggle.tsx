import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import styles from './Toggle.module.css';

interface Props {
  readonly on: boolean;
  readonly onFlip: (on: boolean) => void;
  readonly children: ReactNode;
}

/** A filter that is on or off. */
export function Toggle({ on, onFlip, children }: Props): ReactNode {
  return (
    <ToggleButton isSelected={on} onChange={onFlip} className={styles.toggle}>
      {children}
    </ToggleButton>
  );
}
