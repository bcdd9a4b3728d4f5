import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Button } from './Button';
import { classes } from '../classes';
import { Icon } from '../marks/icons';
import styles from './Menu.module.css';

/** An entry of a menu. */
export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly act: () => void;
  /** Takes something away: stands last, in the colour of removals. */
  readonly removes?: boolean;
}

interface Props {
  /** Name of the button, as “Actions of Agent”. */
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

/** The three-dot menu of a row or a page. */
export function Menu({ label, entries }: Props): ReactNode {
  return (
    <MenuTrigger>
      <Button look="icon" aria-label={label}>
        <Icon name="dots" />
      </Button>
      <Popover className={styles.popover} placement="bottom end" offset={4}>
        <AriaMenu className={styles.menu} aria-label={label}>
          {entries.map(({ id, label: text, act, removes }) => (
            <AriaMenuItem
              key={id}
              id={id}
              onAction={act}
              className={classes(styles.item, removes && styles.removes)}
            >
              {text}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
