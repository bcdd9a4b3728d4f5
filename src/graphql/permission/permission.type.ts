import { Field, ObjectType } from 'type-graphql';
import type {
  Catalogue,
  Permission as PermissionRow,
  Section as SectionRow,
} from '../../domain/catalogue/catalogue';
import { Cost } from '../limits/field-cost';

@ObjectType({ simpleResolvers: true, description: 'A group of default roles, as the role list shows them.' })
export class RoleGroup {
  @Field({ description: 'Key of the group in the catalogue.' })
  key!: string;

  @Field({ description: 'Display name of the group.' })
  name!: string;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A product capability that an account has enabled or not. It bounds what permissions give.',
})
export class Feature {
  @Field({ description: 'Key of the feature in the catalogue.' })
  key!: string;

  @Field({ description: 'Display name of the feature.' })
  name!: string;

  @Field({ description: 'True if it can never be disabled, for it guards the role pages themselves.' })
  required!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'An API authority that comes with permissions.' })
export class Scope {
  @Field({ description: 'Name of the scope, e.g. `message:send`.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Text that says what it allows; null where its catalogue was published without.',
  })
  description?: string | null;

  @Field(() => [String], {
    description: 'Smaller scopes that it includes: a check for one of them passes with this one.',
  })
  includes!: readonly string[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'A titled group of permissions, as the role page shows it.',
})
export class Section {
  constructor({ key, name, description }: Pick<SectionRow, 'key' | 'name' | 'description'>) {
    Object.assign(this, { key, name, description });
  }

  @Field({ description: 'Key of the section in the catalogue.' })
  key!: string;

  @Field({ description: 'Title of the section.' })
  name!: string;

  @Field({ description: 'Subject of its permissions.' })
  description!: string;
}

@ObjectType({ simpleResolvers: true, description: 'One atomic right, `resource/action`.' })
export class Permission {
  constructor(
    protected readonly catalogue: Catalogue,
    protected readonly row: PermissionRow,
  ) {}

  @Field(() => String, { description: 'Key of the permission, e.g. `campaigns/launch`.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => Section, { description: 'The section that shows it.' })
  get section(): Section {
    return (
      this.catalogue.section.get(this.row.section) ?? {
        key: this.row.section,
        name: this.row.section,
        description: '',
      }
    );
  }

  @Field(() => String, { description: 'Description of what it allows.' })
  get description(): string {
    return this.row.description;
  }

  @Field(() => Feature, {
    description: 'The feature that bounds it: while that is disabled, it is withheld.',
  })
  get feature(): Feature {
    return featureOf(this.catalogue, this.row.feature);
  }

  @Field(() => Boolean, { description: 'True if only someone to whom it is granted can give it to others.' })
  get privileged(): boolean {
    return this.row.privileged;
  }

  @Field(() => [Scope], { description: 'The scopes that come with it.' })
  @Cost({ size: 3 })
  get scopes(): Scope[] {
    return this.row.scopes.map((name) => this.catalogue.scope.get(name) ?? { name, includes: [] });
  }

  @Field(() => Boolean, {
    description: 'True if it left the catalogue. Grants of it stay and are withheld.',
  })
  get retired(): boolean {
    return this.row.retired;
  }
}

/** A permission by key; a key that no catalogue ever had (it cannot be granted) reads as a retired one. */
export function permissionOf(catalogue: Catalogue, key: string): Permission {
  return new Permission(
    catalogue,
    catalogue.permission.get(key) ?? {
      key,
      section: '',
      description: '',
      feature: '',
      privileged: false,
      scopes: [],
      retired: true,
    },
  );
}

export const featureOf = (catalogue: Catalogue, key: string): Feature =>
  catalogue.feature.get(key) ?? { key, name: key, required: false };
