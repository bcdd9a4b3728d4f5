import type { ReactNode } from 'react';
import { UserTable } from '../role/users/UserTable';
import { Shelf } from './Shelf';

const person = (name: string, lastLoginAt: string | null) => ({
  id: name,
  name,
  username: name.toLowerCase().replace(' ', '.'),
  lastLoginAt,
});
const nothing = (): void => undefined;

/** A table of the kit, with every mark. */
export function KitTable(): ReactNode {
  return (
    <Shelf name="UserTable">
      <UserTable
        caption="Users"
        rows={[
          { person: person('Petra Novak', null), mark: 'added', act: nothing },
          { person: person('Ema Novaković', '2026-11-28T08:00:00Z'), mark: 'removed', act: nothing },
          { person: person('Jan Nováček', '2026-11-29T08:00:00Z'), mark: null, inactive: true, act: nothing },
          { person: person('Iva Novotny', '2025-03-01T08:00:00Z'), mark: null, act: null },
        ]}
      />
    </Shelf>
  );
}
