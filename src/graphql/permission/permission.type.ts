import { Field, ID, Int, ObjectType } from 'type-graphql';
import type {
  Feature as FeatureRow,
  Permission as PermissionRow,
  RoleGroup as RoleGroupRow,
  Scope as ScopeRow,
  Section as SectionRow,
} from '../../domain/catalogue/catalogue';
import { Node } from '../global-id';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A group of default roles, as the role list shows them.',
})
export class RoleGroup implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: Pick<RoleGroupRow, 'key' | 'name'>,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `RoleGroup:admin`.' })
  get id(): string {
    return this.moment.globalId('RoleGroup', this.row.key);
  }

  @Field(() => String, { description: 'Key of the group in the catalogue.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => String, { description: 'Display name of the group.' })
  get name(): string {
    return this.row.name;
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A product capability that an account has enabled or not. It bounds what permissions give.',
})
export class Feature implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: Pick<FeatureRow, 'key' | 'name' | 'required'>,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `Feature:SMS`.' })
  get id(): string {
    return this.moment.globalId('Feature', this.row.key);
  }

  @Field(() => String, { description: 'Key of the feature in the catalogue.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => String, { description: 'Display name of the feature.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => Boolean, {
    description: 'True if it can never be disabled, for it guards the role pages themselves.',
  })
  get required(): boolean {
    return this.row.required;
  }

  @Field(() => Boolean, { description: 'True if the account has enabled it.' })
  get enabled(): boolean {
    return this.moment.isEnabled(this.row.key);
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An API authority that comes with permissions.',
})
export class Scope implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: Pick<ScopeRow, 'name' | 'includes' | 'description'>,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `Scope:message:send`.' })
  get id(): string {
    return this.moment.globalId('Scope', this.row.name);
  }

  @Field(() => String, { description: 'Name of the scope, e.g. `message:send`.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Text that says what it allows; null where its catalogue was published without.',
  })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => [String], {
    description: 'Smaller scopes that it includes: a check for one of them passes with this one.',
  })
  get includes(): readonly string[] {
    return this.row.includes;
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A titled group of permissions, as the catalogue has it.',
})
export class Section implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: Pick<SectionRow, 'key' | 'name' | 'description'>,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `Section:conversations`.' })
  get id(): string {
    return this.moment.globalId('Section', this.row.key);
  }

  @Field(() => String, { description: 'Key of the section in the catalogue.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => String, { description: 'Title of the section.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'Subject of its permissions.' })
  get description(): string {
    return this.row.description;
  }

  @Field(() => Int, { description: 'Number of permissions that are listed here.' })
  get totalCount(): number {
    return this.moment.catalogue.permissionsOf(this.row.key).length;
  }

  @Field(() => [Permission], {
    description: 'Its permissions, in the order of the catalogue, without retired ones.',
  })
  @Cost({ size: 10 })
  get permissions(): Permission[] {
    return this.moment.catalogue.permissionsOf(this.row.key).map((row) => new Permission(this.moment, row));
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One atomic right, `resource/action`, as the catalogue has it.',
})
export class Permission implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: PermissionRow,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `Permission:campaigns/launch`.' })
  get id(): string {
    return this.moment.globalId('Permission', this.row.key);
  }

  @Field(() => String, { description: 'Key of the permission, e.g. `campaigns/launch`.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => Section, { description: 'The section that shows it.' })
  get section(): Section {
    const { section: key } = this.row;
    return new Section(
      this.moment,
      this.moment.catalogue.section.get(key) ?? { key, name: key, description: '' },
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
    const { feature: key } = this.row;
    return new Feature(
      this.moment,
      this.moment.catalogue.feature.get(key) ?? { key, name: key, required: false },
    );
  }

  @Field(() => Boolean, { description: 'True if only someone to whom it is granted can give it to others.' })
  get privileged(): boolean {
    return this.row.privileged;
  }

  @Field(() => Int, { description: 'Number of scopes that come with it.' })
  get totalScopeCount(): number {
    return this.row.scopes.length;
  }

  @Field(() => [Scope], { description: 'The scopes that come with it.' })
  @Cost({ size: 3 })
  get scopes(): Scope[] {
    const { scope } = this.moment.catalogue;
    return this.row.scopes.map((name) => new Scope(this.moment, scope.get(name) ?? { name, includes: [] }));
  }

  @Field(() => Boolean, {
    description: 'True if it left the catalogue. Grants of it stay and are withheld.',
  })
  get retired(): boolean {
    return this.row.retired;
  }

  @Field(() => Boolean, {
    description:
      'True if its feature is enabled in the account and it is not retired. While false, a grant of it has no effect.',
  })
  get available(): boolean {
    return !this.row.retired && this.moment.isEnabled(this.row.feature);
  }

  @Field(() => Boolean, {
    description:
      'True if this caller may grant it now: not a retired one, a privileged one only if it is granted to the caller.',
  })
  get grantable(): boolean {
    const { caller } = this.moment.request;
    return !this.row.retired && caller.may('roles/manage') && caller.mayGive(this.row);
  }
}

/** A permission by key; a key that no catalogue ever had (it cannot be granted) reads as a retired one. */
export function permissionOf(moment: PinnedView, key: string): Permission {
  return new Permission(
    moment,
    moment.catalogue.permission.get(key) ?? {
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
