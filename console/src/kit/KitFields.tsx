import { useState, type ReactNode } from 'react';
import { Menu } from '../ui/controls/Menu';
import { SearchField } from '../ui/controls/SearchField';
import { Tabs } from '../ui/controls/Tabs';
import { TextField } from '../ui/controls/TextField';
import { Toggle } from '../ui/controls/Toggle';
import { Shelf } from './Shelf';

const nothing = (): void => undefined;

/** Fields, menus and tabs of the kit. */
export function KitFields(): ReactNode {
  const [text, setText] = useState('Night desk');
  const [tab, setTab] = useState<'permissions' | 'users'>('permissions');
  return (
    <>
      <Shelf name="TextField">
        <TextField label="Role name" value={text} onChange={setText} help="Up to 100 characters." required />
        <TextField label="Role name" value={text} onChange={setText} error="Another role has this name." />
        <TextField label="Role description" value="" onChange={nothing} lines={2} />
      </Shelf>
      <Shelf name="SearchField">
        <SearchField label="Search roles" value="" onSearch={nothing} shortcut />
        <SearchField label="Search roles" value="night" onSearch={nothing} />
      </Shelf>
      <Shelf name="Toggle, Menu">
        <Toggle on={false} onFlip={nothing}>
          off
        </Toggle>
        <Toggle on onFlip={nothing}>
          on
        </Toggle>
        <Menu
          label="Actions of Night desk"
          entries={[
            { id: 'edit', label: 'Edit', act: nothing },
            { id: 'delete', label: 'Delete', act: nothing, removes: true },
          ]}
        />
      </Shelf>
      <Shelf name="Tabs">
        <Tabs
          label="Night desk"
          tabs={[
            { id: 'permissions', label: 'Permissions', count: 14 },
            { id: 'users', label: 'Users', count: 1204 },
          ]}
          selected={tab}
          onSelect={setTab}
        >
          <p>{tab}</p>
        </Tabs>
      </Shelf>
    </>
  );
}
