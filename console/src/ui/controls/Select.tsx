import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Icon } from '../marks/icons';
import menu from './Menu.module.css';
import styles from './Select.module.css';

interface Props<Id extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
}

/** A choice of one among a few, which shows the chosen one. */
export function Select<Id extends string>({ label, options, selected, onSelect }: Props<Id>): ReactNode {
  return (
    <AriaSelect className={styles.field} value={selected} onChange={(id) => onSelect(id as Id)}>
      <Label className={styles.label}>{label}</Label>
      <Button className={styles.button}>
        <SelectValue className={styles.value}>{({ selectedText }) => selectedText}</SelectValue>
        <Icon name="chevron" className={styles.mark} />
      </Button>
      <Popover className={menu.popover} offset={4}>
        <ListBox className={menu.menu}>
          {options.map(({ id, label: text }) => (
            <ListBoxItem key={id} id={id} className={menu.item} textValue={text}>
              {text}
              {id === selected && <Icon name="check" className={menu.mark} />}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
