import { useState, type ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import { MenuItem, MenuSection } from 'react-aria-components/Menu';
import { t, type MessageKey } from '../../messages/i18n';
import { readPreferences, writePreferences, type Density, type Theme } from '../../theme/preferences';
import { Icon } from '../../ui/marks/icons';
import menu from '../../ui/controls/Menu.module.css';

const THEMES: readonly (readonly [Theme, MessageKey])[] = [
  ['system', 'theme.system'],
  ['light', 'theme.light'],
  ['dark', 'theme.dark'],
];
const DENSITIES: readonly (readonly [Density, MessageKey])[] = [
  ['comfortable', 'density.comfortable'],
  ['compact', 'density.compact'],
];

/** Choice of theme and of the height of rows, which the browser remembers. */
export function PreferenceItems(): ReactNode {
  const [preferences, setPreferences] = useState(readPreferences);
  const choose = (change: Partial<typeof preferences>): void => {
    const next = { ...preferences, ...change };
    writePreferences(next);
    setPreferences(next);
  };
  return (
    <>
      <Choice
        title={t('theme.title')}
        value={preferences.theme}
        options={THEMES}
        onChoose={(theme) => choose({ theme })}
      />
      <Choice
        title={t('density.title')}
        value={preferences.density}
        options={DENSITIES}
        onChoose={(density) => choose({ density })}
      />
    </>
  );
}

interface ChoiceProps<Value extends string> {
  readonly title: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, MessageKey])[];
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ title, value, options, onChoose }: ChoiceProps<Value>): ReactNode {
  return (
    <MenuSection selectionMode="single" selectedKeys={[value]} disallowEmptySelection>
      <Header className={menu.heading}>{title}</Header>
      {options.map(([id, label]) => (
        <MenuItem key={id} id={id} className={menu.item} onAction={() => onChoose(id)} textValue={t(label)}>
          {t(label)}
          {id === value && <Icon name="check" className={menu.mark} />}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
