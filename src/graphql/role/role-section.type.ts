import { Field, Int, ObjectType } from 'type-graphql';
import type { Grant } from '../../../projections/view';
import type { Permission as PermissionRow, Section as SectionRow } from '../../domain/catalogue/catalogue';
import { Cost } from '../limits/field-cost';
import { Permission, Section } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';

@ObjectType({ simpleResolvers: true, description: 'A scope of a permission, as the role page shows it.' })
export class RoleScope {
  @Field({ description: 'Name of the scope.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Text that says what it allows; null where its catalogue was published without.',
  })
  description!: string | null;

  @Field({ description: 'True if it was kept with the grant.' })
  selected!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A permission as the role page shows it.' })
export class RolePermission {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: PermissionRow,
    private readonly grant: Grant | undefined,
  ) {}

  @Field(() => Permission, { description: 'The permission.' })
  get permission(): Permission {
    return new Permission(this.moment.catalogue, this.row);
  }

  @Field(() => Boolean, { description: 'True if the role grants it.' })
  get selected(): boolean {
    return this.grant !== undefined;
  }

  @Field(() => Boolean, {
    description:
      'True if its feature is enabled in the account and it is not retired. While false, a grant of it has no effect.',
  })
  get available(): boolean {
    return !this.row.retired && this.moment.isEnabled(this.row.feature);
  }

  @Field(() => [RoleScope], {
    description: 'The scopes that come with it; selected are those that were kept.',
  })
  @Cost({ size: 3 })
  get scopes(): RoleScope[] {
    const kept = this.grant?.scopes ?? [];
    const { scope } = this.moment.catalogue;
    return this.row.scopes.map((name) => ({
      name,
      description: scope.get(name)?.description ?? null,
      selected: kept.includes(name),
    }));
  }
}

@ObjectType({ simpleResolvers: true, description: 'A section of the catalogue as the role page shows it.' })
export class RoleSection extends Section {
  constructor(
    private readonly moment: PinnedView,
    row: SectionRow,
    private readonly rows: readonly PermissionRow[],
    private readonly grants: ReadonlyMap<string, Grant>,
  ) {
    super(row);
  }

  @Field(() => Int, { description: 'Number of its permissions that the role grants.' })
  get selectedCount(): number {
    return this.rows.filter(({ key }) => this.grants.has(key)).length;
  }

  @Field(() => Int, { description: 'Number of permissions that are listed here.' })
  get totalCount(): number {
    return this.rows.length;
  }

  @Field(() => [RolePermission], {
    description:
      'Every permission of the section, in the order of the catalogue; retired ones only where the role still has them.',
  })
  @Cost({ size: 10 })
  get permissions(): RolePermission[] {
    return this.rows.map((row) => new RolePermission(this.moment, row, this.grants.get(row.key)));
  }
}

/** Every section of the catalogue, and those that left it while the role still has grants in them. */
export function roleSections(moment: PinnedView, granted: readonly Grant[]): RoleSection[] {
  const { catalogue } = moment;
  const grants = new Map(granted.map((grant) => [grant.permission, grant]));
  const retired = new Map<string, PermissionRow[]>();
  for (const { permission } of granted) {
    const row = catalogue.permission.get(permission);
    if (!row?.retired) continue;
    retired.set(row.section, [...(retired.get(row.section) ?? []), row]);
  }
  return catalogue.content.sections
    .filter(({ key, retired: gone }) => !gone || retired.has(key))
    .map((row) => {
      const rows = [...catalogue.permissionsOf(row.key), ...(retired.get(row.key) ?? [])];
      return new RoleSection(moment, row, rows, grants);
    });
}
