import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Counts of what validation does to find out whether fields of one name can be merged. */
export interface Comparisons {
  /** Fields of all operations, with those of fragments each time that they are spread. */
  readonly fields: number;
  /** Pairs of fields of one name in one place. */
  readonly pairs: number;
}

/** Bounds behind which nothing more is counted, and nesting behind which nothing is looked at. */
export interface CountUpTo extends Comparisons {
  readonly nesting: number;
}

/** Counts until a bound is passed. A circle of fragments is counted as far as it nests. */
export function comparisons(document: DocumentNode, upTo: CountUpTo): Comparisons {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let fields = 0;
  let pairs = 0;
  const count = (selections: readonly SelectionSetNode[], nesting: number): void => {
    if (nesting > upTo.nesting) return;
    for (const alike of byName(selections, fragments).values()) {
      fields += alike.length;
      pairs += (alike.length * (alike.length - 1)) / 2;
      if (fields > upTo.fields || pairs > upTo.pairs) return;
      const below = alike.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) count(below, nesting + 1);
    }
  };
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) count([definition.selectionSet], 0);
  return { fields, pairs };
}

/** Fields of selections in one place, by the name in the answer; a fragment counts once however often it is spread there. */
function byName(
  selections: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = (selection: SelectionSetNode): void => {
    for (const each of selection.selections) {
      if (each.kind === Kind.INLINE_FRAGMENT) collect(each.selectionSet);
      else if (each.kind === Kind.FIELD) {
        const name = (each.alias ?? each.name).value;
        const known = fields.get(name);
        if (known) known.push(each);
        else fields.set(name, [each]);
      } else if (!spread.has(each.name.value)) {
        spread.add(each.name.value);
        const fragment = fragments.get(each.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  for (const each of selections) collect(each);
  return fields;
}
