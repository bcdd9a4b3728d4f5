import { useState, type ReactNode } from 'react';
import { DialogTrigger } from 'react-aria-components/Dialog';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Icon } from '../marks/icons';
import { FilterButton } from './FilterButton';
import styles from './FilterPicker.module.css';
import menu from './Menu.module.css';
import { SearchField } from './SearchField';

/** A choice that a search found. */
export interface Pick {
  readonly id: string;
  readonly name: string;
}

/** Outcome of a search for choices. */
export interface Found {
  /** Undefined: there are none to show. */
  readonly picks: readonly Pick[] | undefined;
  /** Sentence in place of choices that the search did not find. */
  readonly none: string;
  /** Stands above the choices: that they are on the way, or why there are none. */
  readonly before?: ReactNode;
  /** Stands below the choices. */
  readonly after?: ReactNode;
}

interface Props {
  readonly label: string;
  /** Value that is filtered by, as the button shows it; null: none. */
  readonly value: string | null;
  readonly searchLabel: string;
  /** Label of the choice that filters nothing; left out: there is none. */
  readonly any?: string;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
  /** Finds choices by a text; a hook, the same at each rendering. */
  readonly useFound: (text: string) => Found;
}

/** Filter of a list by one of many values, which is looked for by name. */
export function FilterPicker({ label, value, onChoose, ...choices }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const choose = (id: string | undefined): void => {
    onChoose(id);
    setOpen(false);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <FilterButton label={label} value={value} />
      {/* The popover is the dialog: around another one, its buttons that close it would stand outside of that. */}
      <Popover className={menu.popover} placement="bottom start" offset={4} aria-label={label}>
        <div className={styles.dialog}>
          <Choices label={label} onChoose={choose} {...choices} />
        </div>
      </Popover>
    </DialogTrigger>
  );
}

const ANY = '*';

function Choices({ label, searchLabel, any, chosen, onChoose, useFound }: Omit<Props, 'value'>): ReactNode {
  const [text, setText] = useState('');
  const { picks, none, before, after } = useFound(text);
  const selected = chosen ?? ANY;
  const nothing = any !== undefined && text === '' ? [{ id: ANY, name: any }] : [];
  const entries = [...nothing, ...(picks ?? [])];
  const choose = (keys: 'all' | ReadonlySet<string | number>): void => {
    const [id] = keys;
    onChoose(id === ANY ? undefined : String(id));
  };
  return (
    <>
      <div className={styles.search}>
        <SearchField label={searchLabel} value={text} autoFocus onSearch={setText} />
      </div>
      {before}
      {picks && (
        <ListBox
          className={styles.list}
          aria-label={label}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[selected]}
          onSelectionChange={choose}
          renderEmptyState={() => <p className={styles.note}>{none}</p>}
        >
          {entries.map((entry) => (
            <ListBoxItem key={entry.id} id={entry.id} className={menu.item} textValue={entry.name}>
              {entry.name}
              {entry.id === selected && <Icon name="check" className={menu.mark} />}
            </ListBoxItem>
          ))}
        </ListBox>
      )}
      {after && <p className={styles.note}>{after}</p>}
    </>
  );
}
