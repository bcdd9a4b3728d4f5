import type { ReactNode } from 'react';
import { useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Header } from 'react-aria-components/Header';
import { Input } from 'react-aria-components/Input';
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox';
import { SearchField } from 'react-aria-components/SearchField';
import { t } from '../messages/i18n';
import menu from '../ui/controls/Menu.module.css';
import { Dialog } from '../ui/surfaces/Dialog';
import type { PaletteEntry } from './entries';
import styles from './Palette.module.css';
import { usePaletteGroups } from './use-palette-groups';

/**
 * Goes anywhere by a few letters: screens, acts, roles and users. It is part of the first view: letters that are typed before
 * it is there would go to the page below.
 */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const groups = usePaletteGroups(text);
  const entries = new Map(groups.flatMap((group) => group.entries.map((entry) => [entry.id, entry])));
  const act = (entry: PaletteEntry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.act();
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} foot={<p>{t('palette.help')}</p>}>
      {/* A field of search would clear itself first. */}
      <div onKeyDownCapture={(event) => event.key === 'Escape' && onClose()}>
        <Autocomplete inputValue={text} onInputChange={setText}>
          <SearchField aria-label={t('palette.search')} className={styles.search} autoFocus>
            <Input className={styles.input} placeholder={t('palette.search')} />
          </SearchField>
          <ListBox
            className={styles.list}
            aria-label={t('palette.found')}
            onAction={(id) => act(entries.get(String(id)))}
            renderEmptyState={() => <p className={styles.none}>{t('palette.none', { text })}</p>}
          >
            {groups.map((group) => (
              <ListBoxSection key={group.id} id={group.id}>
                <Header className={menu.heading}>{group.title}</Header>
                {group.entries.map((entry) => (
                  <ListBoxItem key={entry.id} id={entry.id} className={menu.item} textValue={entry.label}>
                    {entry.label}
                    {entry.aside && <small className={menu.aside}>{entry.aside}</small>}
                  </ListBoxItem>
                ))}
              </ListBoxSection>
            ))}
          </ListBox>
        </Autocomplete>
      </div>
    </Dialog>
  );
}
