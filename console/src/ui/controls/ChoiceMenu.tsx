import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Button } from './Button';
import styles from './Menu.module.css';

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly aside: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (id: string) => void;
}

/** A link in a sentence that opens a list to choose from. */
export function ChoiceMenu({ label, choices, onChoose }: Props): ReactNode {
  return (
    <MenuTrigger>
      <Button look="link">{label}</Button>
      <Popover className={styles.popover} placement="bottom start" offset={4}>
        <Menu className={styles.menu} aria-label={label} onAction={(id) => onChoose(String(id))}>
          {choices.map((choice) => (
            <MenuItem key={choice.id} id={choice.id} className={styles.item} textValue={choice.label}>
              {choice.label}
              <small className={styles.aside}>{choice.aside}</small>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
