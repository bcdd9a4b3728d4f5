/** Permissions by the feature that they need. */

export interface BoundPermission {
  readonly key: string;
  readonly description: string;
}

interface Catalogue {
  readonly sections: readonly {
    readonly permissions: readonly (BoundPermission & {
      readonly retired: boolean;
      readonly feature: { readonly key: string };
    })[];
  }[];
}

/** Permissions that each feature bounds, by its key, in the order of the catalogue; those that left it bound nothing. */
export function boundsOf(catalogue: Catalogue): ReadonlyMap<string, readonly BoundPermission[]> {
  const bounds = new Map<string, BoundPermission[]>();
  for (const { retired, feature, ...permission } of catalogue.sections.flatMap(
    ({ permissions }) => permissions,
  ))
    if (!retired) bounds.set(feature.key, [...(bounds.get(feature.key) ?? []), permission]);
  return bounds;
}
