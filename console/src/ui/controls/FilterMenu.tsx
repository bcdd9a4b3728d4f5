import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Icon } from '../marks/icons';
import { FilterButton } from './FilterButton';
import styles from './Menu.module.css';

interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

interface Props<Id extends string> {
  /** Name of what is filtered, as “Status”. */
  readonly label: string;
  /** Label of the choice that filters nothing. */
  readonly any: string;
  readonly choices: readonly Choice<Id>[];
  readonly chosen: Id | undefined;
  readonly onChoose: (id: Id | undefined) => void;
}

const ANY = '*';

/** A filter of a list by one of a few values. */
export function FilterMenu<Id extends string>({
  label,
  any,
  choices,
  chosen,
  onChoose,
}: Props<Id>): ReactNode {
  const entries = [{ id: ANY, label: any }, ...choices];
  const selected = chosen ?? ANY;
  return (
    <MenuTrigger>
      <FilterButton label={label} value={choices.find(({ id }) => id === chosen)?.label ?? null} />
      <Popover className={styles.popover} placement="bottom start" offset={4}>
        <Menu
          className={styles.menu}
          aria-label={label}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[selected]}
          onAction={(id) => onChoose(choices.find((choice) => choice.id === id)?.id)}
        >
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} className={styles.item} textValue={entry.label}>
              {entry.label}
              {entry.id === selected && <Icon name="check" className={styles.mark} />}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
