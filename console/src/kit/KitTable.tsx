import type { ReactNode } from 'react';
import { UserTable } from '../role/users/UserTable';
import { Shelf } from './Shelf';

const person = (name: string, lastLoginAt: string | null) => ({
  id: `User:${name}`,
  name,
  username: name.toLowerCase().replace(' ', '.'),
  lastLoginAt,
});
const user = (one: ReturnType<typeof person>) => ({ person: one, userId: one.id });
const nothing = (): void => undefined;

/** A table of the kit, with every mark. */
export function KitTable(): ReactNode {
  return (
    <Shelf name="UserTable">
      <UserTable
        caption="Users"
        rows={[
          { ...user(person('Petra Novak', null)), mark: 'added', act: nothing },
          { ...user(person('Ema Novaković', '2026-11-28T08:00:00Z')), mark: 'removed', act: nothing },
          {
            ...user(person('Jan Nováček', '2026-11-29T08:00:00Z')),
            mark: null,
            inactive: true,
            act: nothing,
          },
          { ...user(person('Iva Novotny', '2025-03-01T08:00:00Z')), mark: null, act: null },
        ]}
      />
    </Shelf>
  );
}
