import { useMemo } from 'react';
import { useQuery } from 'urql';
import { PermissionNamesDocument } from '../generated/graphql';

/** Descriptions of permissions by their keys, in the order of the catalogue. */
export function usePermissions(): ReadonlyMap<string, string> {
  const [{ data }] = useQuery({ query: PermissionNamesDocument });
  return useMemo(() => {
    const sections = data?.permissionCatalogue?.sections ?? [];
    return new Map(
      sections.flatMap(({ permissions }) => permissions.map(({ key, description }) => [key, description])),
    );
  }, [data]);
}

/** Description of a permission by its key; one that is not known, or not to be seen, is called by its key. */
export function usePermissionNames(): (key: string) => string {
  const names = usePermissions();
  return useMemo(() => (key) => names.get(key) ?? key, [names]);
}
