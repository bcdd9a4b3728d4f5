import { Types } from 'scimmy';

/** The resource type of users: what of SCIM’s core schema Rolebook holds. All other attributes are passed over. */

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const { Attribute, Schema, SchemaDefinition } = Types;

/** Taken where no whole name is given; not kept apart. */
const PART_OF_NAME = { mutable: 'writeOnly', returned: 'never' } as const;

const definition = new SchemaDefinition('User', USER_SCHEMA, 'A person of the account.', [
  new Attribute('string', 'userName', {
    required: true,
    uniqueness: 'server',
    description:
      'Name that the user signs in with; unique in the account, ignoring case. 1 to 200 characters.',
  }),
  new Attribute('complex', 'name', { uniqueness: 'none', description: 'The name of the user.' }, [
    new Attribute('string', 'formatted', { description: 'The whole name: the same as `displayName`.' }),
    new Attribute('string', 'familyName', {
      ...PART_OF_NAME,
      description: 'Family name; makes the name, behind `givenName`, where no whole one is given.',
    }),
    new Attribute('string', 'givenName', {
      ...PART_OF_NAME,
      description: 'Given name; makes the name, before `familyName`, where no whole one is given.',
    }),
  ]),
  new Attribute('string', 'displayName', {
    description: 'The name of the user, 1 to 200 characters; left out at a creation: the userName.',
  }),
  new Attribute('boolean', 'active', {
    description: 'False: the roles of the user have no effect. They are kept.',
  }),
]);

/** The definition, for `/Schemas`. */
export const userDefinition = definition;

/** A user in SCIM’s terms, whose values the library checks. */
export class ScimUser extends Schema {
  static override get id(): string {
    return definition.id;
  }

  static override get definition(): typeof definition {
    return definition;
  }

  declare userName: string;
  declare externalId?: string;
  declare displayName?: string;
  declare name: NameParts | undefined;
  declare active?: boolean;

  constructor(resource: object, direction = 'both') {
    super(resource, direction);
    Object.assign(this, definition.coerce(resource, direction));
  }
}

interface NameParts {
  readonly formatted?: string;
  readonly givenName?: string;
  readonly familyName?: string;
}
