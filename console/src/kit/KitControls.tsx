import type { ReactNode } from 'react';
import { Button } from '../ui/controls/Button';
import { Checkbox } from '../ui/controls/Checkbox';
import { FilterMenu } from '../ui/controls/FilterMenu';
import { Icon } from '../ui/marks/icons';
import { StateBox } from '../ui/marks/StateBox';
import { Shelf } from './Shelf';

const LOOKS = ['primary', 'outline', 'plain', 'danger', 'link'] as const;

/** Buttons and boxes of the kit. */
export function KitControls(): ReactNode {
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
      <Shelf name="FilterMenu">
        {([undefined, 'inactive'] as const).map((chosen) => (
          <FilterMenu
            key={chosen ?? ''}
            label="Status"
            any="Any status"
            choices={[
              { id: 'active', label: 'Active' },
              { id: 'inactive', label: 'Inactive' },
            ]}
            chosen={chosen}
            onChoose={() => undefined}
          />
        ))}
      </Shelf>
      <Shelf name="StateBox">
        {(['granted', 'withheld', 'none'] as const).map((state) => (
          <StateBox key={state} state={state} />
        ))}
      </Shelf>
    </>
  );
}
