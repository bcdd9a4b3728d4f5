import { useMemo } from 'react';
import { useQuery } from 'urql';
import { PermissionNamesDocument } from '../generated/graphql';

/** Descriptions of permissions by their keys; one that is not known, or not to be seen, is called by its key. */
export function usePermissionNames(): (key: string) => string {
  const [{ data }] = useQuery({ query: PermissionNamesDocument });
  return useMemo(() => {
    const sections = data?.permissionCatalogue?.sections ?? [];
    const names = new Map(
      sections.flatMap(({ permissions }) => permissions.map(({ key, description }) => [key, description])),
    );
    return (key) => names.get(key) ?? key;
  }, [data]);
}
