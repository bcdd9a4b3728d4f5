import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { count } from '../../format/numbers';
import styles from './Tabs.module.css';

/** A tab: its name, how many things it holds, and what it shows. */
export interface TabEntry<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly count?: number | null;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly tabs: readonly TabEntry<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** Content of the tab that is selected. */
  readonly children: ReactNode;
}

/** Tabs with a count each; the selected one is part of the address. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, children }: Props<Id>): ReactNode {
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect(key as Id)} className={styles.tabs}>
      <TabList aria-label={label} className={styles.list}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab}>
            {tab.label}
            {/* The space parts the two for a screen reader, which knows no margins. */}
            {tab.count !== undefined && tab.count !== null && <span> {count(tab.count)}</span>}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel}>
          {tab.id === selected && children}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
