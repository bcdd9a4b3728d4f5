import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { useSession } from '../app/session-context';
import { SCREENS } from '../app/shell/screens';
import { CurrentAccountDocument, PaletteSearchDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { movedTo } from '../past/past-search';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { addressOf } from '../roles/role-address';
import { useKept } from '../ui/use-kept';
import { userAddressOf } from '../users/user-address';
import { matching, type PaletteEntry, type PaletteGroup } from './entries';

/** Roles and users that a search shows, each. */
const SHOWN = 6;

/** Milliseconds that a text must stand before it is searched for. */
const SETTLED = 150;

/** Groups of what a text finds: screens and acts at once, roles and users as the server finds them. */
export function usePaletteGroups(text: string): PaletteGroup[] {
  const local = useLocalEntries();
  const found = useFoundEntries(text.trim());
  const groups: PaletteGroup[] = [
    { id: 'acts', title: t('palette.acts'), entries: matching(local, text) },
    { id: 'roles', title: t('nav.roles'), entries: found.roles },
    { id: 'users', title: t('nav.users'), entries: found.users },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

function useLocalEntries(): PaletteEntry[] {
  const navigate = useNavigate();
  const { signOut } = useSession();
  const isPast = useAsOf() !== undefined;
  const here = useComparable();
  const [{ data }] = useQuery({ query: CurrentAccountDocument });
  const mayCreate = !isPast && data?.account?.allowedActions.includes('CREATE_ROLE');
  return [
    ...SCREENS.map(({ to, label }) => ({
      id: to,
      label: t('keys.go', { screen: t(label) }),
      act: () => void navigate({ to }),
    })),
    { id: '/profile', label: t('nav.profile'), act: () => void navigate({ to: '/profile' }) },
    { id: '/compare', label: t('compare.palette'), act: () => void navigate({ to: '/compare' }) },
    ...here.map(({ id, label, search }) => ({
      id,
      label: t(label),
      act: () => void navigate({ to: '/compare', search }),
    })),
    ...(mayCreate
      ? [{ id: '/roles/new', label: t('roles.create'), act: () => void navigate({ to: '/roles/new' }) }]
      : []),
    ...(isPast
      ? [
          {
            id: 'now',
            label: t('past.back'),
            act: () => void navigate({ to: '.', search: movedTo(undefined), resetScroll: false }),
          },
        ]
      : []),
    { id: 'sign-out', label: t('profile.signOut'), act: signOut },
  ];
}

/** Comparisons of the role or user whose page is open. */
function useComparable() {
  const { roleId, userId } = useParams({ strict: false });
  return [
    ...(roleId === undefined
      ? []
      : ([
          { id: 'compare-role', label: 'compare.paletteRole', search: { what: 'role', roleId } },
          { id: 'compare-roles', label: 'compare.paletteRoles', search: { what: 'roles', roleId } },
        ] as const)),
    ...(userId === undefined
      ? []
      : ([{ id: 'compare-user', label: 'compare.paletteUser', search: { what: 'user', userId } }] as const)),
  ];
}

function useFoundEntries(text: string): { readonly roles: PaletteEntry[]; readonly users: PaletteEntry[] } {
  const navigate = useNavigate();
  const asked = useSettled(text);
  const asOf = useAsOf();
  const [{ data }] = useQuery({
    query: PaletteSearchDocument,
    variables: { text: asked, size: SHOWN, asOf: asOfArgument(asOf) },
    pause: asked === '',
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  if (text === '') return { roles: [], users: [] };
  return {
    roles: (kept?.roles?.nodes ?? []).map(({ id, key, name }) => ({
      id,
      label: name,
      act: () => void navigate({ to: '/roles/$roleId', params: { roleId: addressOf(key) } }),
    })),
    users: (kept?.users?.nodes ?? []).map(({ id, key, name, username }) => ({
      id,
      label: name,
      aside: username,
      act: () => void navigate({ to: '/users/$userId', params: { userId: userAddressOf(key) } }),
    })),
  };
}

/** A text once it stands for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
