import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger, SubmenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { Button as AriaButton } from 'react-aria-components/Button';
import { t } from '../../messages/i18n';
import { Icon } from '../../ui/marks/icons';
import menu from '../../ui/controls/Menu.module.css';
import { PreferenceItems } from './PreferenceItems';
import styles from './ProfileMenu.module.css';
import { SCREENS } from './screens';
import { useSession } from '../session-context';

/** The profile: who is signed in, Account settings with its screens, the look, the keys, the way out. */
export function ProfileMenu({ onKeys }: { readonly onKeys: () => void }): ReactNode {
  const { session, accountName, signOut } = useSession();
  const navigate = useNavigate();
  return (
    <MenuTrigger>
      <AriaButton className={styles.profile}>
        <span className={styles.icon}>
          <Icon name="account" />
        </span>
        <span className={styles.text}>
          <span className="visually-hidden">{t('profile.of')}</span> <b>{session.user.name}</b> {accountName}
        </span>
      </AriaButton>
      <Popover className={menu.popover} placement="top start" offset={6}>
        <Menu className={menu.menu} aria-label={t('profile.menu')}>
          <MenuSection>
            <Header className={menu.person}>
              {session.user.name}
              <small>{session.user.username}</small>
            </Header>
            <MenuItem className={menu.item} onAction={() => void navigate({ to: '/profile' })}>
              {t('nav.profile')}
            </MenuItem>
            <SubmenuTrigger>
              <MenuItem className={menu.item} textValue={t('settings.title')}>
                {t('settings.title')}
                <Icon name="chevron" className={menu.mark} />
              </MenuItem>
              <Popover className={menu.popover} offset={-2}>
                <Menu className={menu.menu} aria-label={t('settings.title')}>
                  {SCREENS.map(({ to, label }) => (
                    <MenuItem key={to} className={menu.item} onAction={() => void navigate({ to })}>
                      {t(label)}
                    </MenuItem>
                  ))}
                </Menu>
              </Popover>
            </SubmenuTrigger>
          </MenuSection>
          <Separator className={menu.divider} />
          <PreferenceItems />
          <Separator className={menu.divider} />
          <MenuItem className={menu.item} onAction={onKeys}>
            {t('keys.title')}
          </MenuItem>
          <MenuItem className={menu.item} onAction={signOut}>
            {t('profile.signOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
