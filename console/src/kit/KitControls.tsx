import { useState, type ReactNode } from 'react';
import { Button } from '../ui/Button';
import { Checkbox } from '../ui/Checkbox';
import { Icon } from '../ui/icons';
import { Menu } from '../ui/Menu';
import { SearchField } from '../ui/SearchField';
import { StateBox } from '../ui/StateBox';
import { Tabs } from '../ui/Tabs';
import { TextField } from '../ui/TextField';
import { Toggle } from '../ui/Toggle';
import { Shelf } from './Shelf';

const LOOKS = ['primary', 'outline', 'plain', 'danger', 'link'] as const;
const nothing = (): void => undefined;

/** Controls of the kit. */
export function KitControls(): ReactNode {
  const [text, setText] = useState('Night desk');
  const [tab, setTab] = useState<'permissions' | 'users'>('permissions');
  return (
    <>
      <Shelf name="Button">
        {LOOKS.map((look) => (
          <Button key={look} look={look}>
            {look}
          </Button>
        ))}
        <Button look="icon" aria-label="icon">
          <Icon name="dots" />
        </Button>
        <Button isDisabled>disabled</Button>
        <Button look="primary" isPending>
          pending
        </Button>
      </Shelf>
      <Shelf name="Checkbox">
        <Checkbox>none</Checkbox>
        <Checkbox isIndeterminate>some</Checkbox>
        <Checkbox isSelected>all</Checkbox>
        <Checkbox isSelected withheld>
          withheld
        </Checkbox>
        <Checkbox isDisabled>disabled</Checkbox>
        <Checkbox isSelected isDisabled>
          disabled, granted
        </Checkbox>
      </Shelf>
      <Shelf name="StateBox">
        {(['granted', 'withheld', 'none'] as const).map((state) => (
          <StateBox key={state} state={state} />
        ))}
      </Shelf>
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
