import {
  buildSchema,
  getArgumentValues,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
} from 'graphql';

/** Needs of fields as a client reads them: off the text of the published schema, and from nothing else. */

export interface Need {
  readonly anyOf: readonly string[];
  readonly orSelf: boolean;
  readonly types?: readonly string[];
  readonly when: 'GIVEN' | 'NAMED' | 'ALONE';
}

export type Rights = ReadonlySet<string>;

export interface Published {
  readonly schema: GraphQLSchema;
  /** Needs of a field; none where the schema says nothing. */
  needsOf(field: GraphQLField<unknown, unknown> | GraphQLInputField): readonly Need[];
  /** Every permission that something needs. */
  readonly permissions: readonly string[];
}

export function published(text: string): Published {
  const schema = buildSchema(text);
  const directive = schema.getDirective('needs')!;
  const needsOf: Published['needsOf'] = ({ astNode }) =>
    (astNode?.directives ?? [])
      .filter(({ name }) => name.value === 'needs')
      .map((node) => getArgumentValues(directive, node) as unknown as Need);
  const permissions = [...text.matchAll(/@needs\(anyOf: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/"([^"]+)"/g)].map(([, permission = '']) => permission),
  );
  return { schema, needsOf, permissions: [...new Set(permissions)].sort() };
}

export const has = (rights: Rights, { anyOf }: Pick<Need, 'anyOf'>): boolean =>
  anyOf.length === 0 || anyOf.some((permission) => rights.has(permission));

/** One field of an input with the value that is sent; without needs: it changes nothing by itself. */
export interface Given {
  readonly needs: readonly Need[];
  readonly value: unknown;
}

/** Decides by the conditions that the schema gives whether an input may be sent. */
export function maySend(rights: Rights, ofMutation: readonly Need[], given: readonly Given[]): boolean {
  const all = given.flatMap(({ needs, value }) => needs.map((need) => ({ need, value })));
  const asking = all.filter(
    ({ need: { when }, value }) => when === 'GIVEN' || (when === 'NAMED' && isNaming(value)),
  );
  const idle = all.filter(({ need: { when }, value }) => when === 'NAMED' && value !== null);
  const alone = all.filter(({ need: { when } }) => when === 'ALONE');
  const counting = [asking, idle, alone].find(({ length }) => length > 0) ?? [];
  return [...ofMutation, ...counting.map(({ need }) => need)].every((need) => has(rights, need));
}

const isNaming = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
