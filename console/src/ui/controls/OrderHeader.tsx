import type { ReactNode } from 'react';
import { Button } from './Button';
import { Icon } from '../marks/icons';
import styles from './OrderHeader.module.css';

interface Props {
  readonly label: string;
  readonly order: 'ascending' | 'descending' | null;
  readonly onOrder: () => void;
  readonly className?: string;
}

/** Header of a column by which the list can be ordered. */
export function OrderHeader({ label, order, onOrder, className }: Props): ReactNode {
  return (
    <th scope="col" className={className} aria-sort={order ?? 'none'}>
      <span className={styles.header}>
        <Button look="link" onPress={onOrder}>
          {label}
          {order && <Icon name={order} />}
        </Button>
      </span>
    </th>
  );
}
