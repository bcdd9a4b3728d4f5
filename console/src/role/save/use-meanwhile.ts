import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { unattendedOptions } from '../../api/request-headers';
import type { RoleDraft } from '../../draft/role-draft';
import { RoleVersionDocument, type RoleVersionQuery } from '../../generated/graphql';
import { holdScreens } from '../../live/hands';

/** A save of somebody else while a draft is open. */
export interface Meanwhile {
  /** The role as it is now, in short; null: it was deleted. */
  readonly role: RoleVersionQuery['role'];
}

/**
 * Holds the page as it is while its draft has edits, and watches the role instead: a form is never changed under the hands,
 * and whoever fills it in is told before they save.
 */
export function useMeanwhile({ base }: RoleDraft, pending: boolean): Meanwhile | null {
  const client = useClient();
  const { id } = base;
  const [found, setFound] = useState<Meanwhile | null>(null);
  useEffect(() => {
    if (!pending) return;
    let asked: string | null = null;
    const ask = async (roleId: string): Promise<void> => {
      const context = { requestPolicy: 'network-only' as const, fetchOptions: unattendedOptions };
      const { data, error } = await client.query(RoleVersionDocument, { id: roleId }, context).toPromise();
      if (data && !error) setFound({ role: data.role?.deletedAt ? null : data.role });
      else asked = null;
    };
    return holdScreens((position) => {
      if (id === null || position === asked) return;
      asked = position;
      void ask(id);
    });
  }, [client, id, pending]);
  if (!pending || found === null) return null;
  const isNewer = found.role === null || found.role.version > (base.version ?? 0);
  return isNewer ? found : null;
}
