import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';

/** A need of a field: of its caller, beyond those of the object around it. Where a field has several, it has all of them. */
export interface Need {
  /** Permissions of which the caller needs one. Empty: none, every active user of the account may ask. */
  readonly anyOf: readonly string[];
  /** True if callers need nothing to ask about themselves alone. */
  readonly orSelf?: boolean;
  /** Types of the objects found that it holds for; left out: all. */
  readonly types?: readonly string[];
  /** Condition, of a field of an input. Left out: wherever the field is given. */
  readonly when?: keyof typeof WHEN;
}

const WHEN = {
  GIVEN: {
    description: 'The field is given, if only as null or an empty list; a required field always is.',
  },
  NAMED: {
    description:
      'The field names somebody, or is true. An empty list and false count only where no other field of the input asks for a change; null never counts.',
  },
  ALONE: {
    description: 'No other field that needs something is given: this one only names what is to be changed.',
  },
} as const;

const NEEDS_WHEN = new GraphQLEnumType({
  name: 'NeedsWhen',
  description: 'Conditions under which a field of a mutation’s input needs what `@needs` says.',
  values: WHEN,
});

const list = new GraphQLList(new GraphQLNonNull(GraphQLString));

/** The directive that the published schema says it with. It is information for clients: `guard` enforces it. */
export const NEEDS_DIRECTIVE = new GraphQLDirective({
  name: 'needs',
  description:
    'Need of a field: one of these permissions of Rolebook’s own, beyond what the object around the field needs. An empty list: nothing more; of a query, that every active user of the account may ask. Several on one field: all of them. That privileged permissions are given, and taken away, only by their holders is a rule of its own (`ESCALATION`).',
  isRepeatable: true,
  locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.INPUT_FIELD_DEFINITION],
  args: {
    anyOf: {
      type: new GraphQLNonNull(list),
      description: 'Keys of permissions of which the caller needs one; empty: none.',
    },
    orSelf: {
      type: GraphQLBoolean,
      description: 'True: callers need nothing to ask about themselves alone.',
      defaultValue: false,
    },
    types: {
      type: list,
      description:
        'Types of the objects that it holds for, where the arguments say which is found; left out: all.',
    },
    when: {
      type: NEEDS_WHEN,
      description: 'Condition, on a field of a mutation’s input.',
      defaultValue: 'GIVEN',
    },
  },
});

/** A field of a type or of an input, as far as it can declare what it needs. */
interface Declaring {
  extensions: Readonly<Record<string, unknown>>;
}

/** Needs that a field declares; undefined where it declares nothing. */
export const needsOf = ({ extensions }: Readonly<Declaring>): readonly Need[] | undefined =>
  extensions['needs'] as readonly Need[] | undefined;

export function declare(field: Declaring, needs: readonly Need[]): void {
  field.extensions = { ...field.extensions, needs };
}
