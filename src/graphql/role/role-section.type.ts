import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Grant } from '../../../projections/view';
import type { Permission as PermissionRow, Section as SectionRow } from '../../domain/catalogue/catalogue';
import { Node } from '../global-id';
import { Cost } from '../limits/field-cost';
import { Permission } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';

/** Grants of a role as of a moment. */
interface RoleContent {
  readonly role: string;
  readonly moment: PinnedView;
  /** Each under its permission. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** Retired permissions that it still grants, each under its section. */
  readonly retired: ReadonlyMap<string, readonly PermissionRow[]>;
}

@ObjectType({ simpleResolvers: true, description: 'A scope of a permission, as the role page shows it.' })
export class RoleScope {
  constructor(
    private readonly content: RoleContent,
    private readonly permission: string,
    private readonly scope: string,
  ) {}

  @Field(() => ID, {
    description: 'Id for caches, of the scope in this permission of the role; `node` does not find it.',
  })
  get id(): string {
    // Keys of permissions hold slashes, and names of scopes may.
    return this.content.moment.globalId(
      'RoleScope',
      `${this.content.role}/${encodeURIComponent(this.permission)}/${this.scope}`,
    );
  }

  @Field(() => String, { description: 'Name of the scope.' })
  get name(): string {
    return this.scope;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Text that says what it allows; null where its catalogue was published without.',
  })
  get description(): string | null {
    return this.content.moment.catalogue.scope.get(this.scope)?.description ?? null;
  }

  @Field(() => Boolean, { description: 'True if it was kept with the grant.' })
  get selected(): boolean {
    return this.content.grants.get(this.permission)?.scopes.includes(this.scope) ?? false;
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A permission as the role page shows it: with what the role selects of it.',
})
export class RolePermission implements Node {
  constructor(
    private readonly content: RoleContent,
    private readonly row: PermissionRow,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `RolePermission:account-admin/roles/view`.' })
  get id(): string {
    return this.content.moment.globalId('RolePermission', `${this.content.role}/${this.row.key}`);
  }

  @Field(() => Permission, { description: 'The permission.' })
  get permission(): Permission {
    return new Permission(this.content.moment.others, this.row);
  }

  @Field(() => Boolean, { description: 'True if the role grants it.' })
  get selected(): boolean {
    return this.content.grants.has(this.row.key);
  }

  @Field(() => Boolean, {
    description:
      'True if its feature is enabled in the account and it is not retired. While false, a grant of it has no effect.',
  })
  get available(): boolean {
    return this.permission.available;
  }

  @Field(() => Int, { description: 'Number of its scopes that were kept with the grant.' })
  get selectedScopeCount(): number {
    const { grants, moment } = this.content;
    return moment.catalogue.keptScopes(this.row, grants.get(this.row.key)?.scopes ?? []).length;
  }

  @Field(() => Int, { description: 'Number of scopes that come with it.' })
  get totalScopeCount(): number {
    return this.row.scopes.length;
  }

  @Field(() => [RoleScope], {
    description: 'The scopes that come with it; selected are those that were kept.',
  })
  @Cost({ size: 3 })
  get scopes(): RoleScope[] {
    return this.row.scopes.map((name) => new RoleScope(this.content, this.row.key, name));
  }
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A section of the catalogue as the role page shows it: with what the role selects of it.',
})
export class RoleSection implements Node {
  constructor(
    private readonly content: RoleContent,
    private readonly row: SectionRow,
    private readonly rows: readonly PermissionRow[],
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `RoleSection:account-admin/conversations`.' })
  get id(): string {
    return this.content.moment.globalId('RoleSection', `${this.content.role}/${this.row.key}`);
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

  @Field(() => Int, { description: 'Number of its permissions that the role grants.' })
  get selectedCount(): number {
    return this.rows.filter(({ key }) => this.content.grants.has(key)).length;
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
    return this.rows.map((row) => new RolePermission(this.content, row));
  }
}

async function contentOf(moment: PinnedView, role: string): Promise<RoleContent> {
  const granted = (await moment.grants.load(role)) ?? [];
  const retired = new Map<string, PermissionRow[]>();
  for (const { permission } of granted) {
    const row = moment.catalogue.permission.get(permission);
    if (row?.retired) retired.set(row.section, [...(retired.get(row.section) ?? []), row]);
  }
  return { role, moment, grants: new Map(granted.map((grant) => [grant.permission, grant])), retired };
}

/** Every section of the catalogue, and those that left it while the role still has grants in them. */
export async function roleSections(moment: PinnedView, role: string): Promise<RoleSection[]> {
  const content = await contentOf(moment, role);
  return moment.catalogue.content.sections.flatMap((row) => sectionOf(content, row) ?? []);
}

/** A section of a role by key; null where the role page has none. */
export async function roleSection(
  moment: PinnedView,
  role: string,
  key: string,
): Promise<RoleSection | null> {
  const row = moment.catalogue.section.get(key);
  return row ? sectionOf(await contentOf(moment, role), row) : null;
}

/** A permission of a role by key; null where the role page has none. */
export async function rolePermission(
  moment: PinnedView,
  role: string,
  key: string,
): Promise<RolePermission | null> {
  const row = moment.catalogue.permission.get(key);
  if (!row) return null;
  const content = await contentOf(moment, role);
  return row.retired && !content.grants.has(key) ? null : new RolePermission(content, row);
}

function sectionOf(content: RoleContent, row: SectionRow): RoleSection | null {
  const retired = content.retired.get(row.key) ?? [];
  if (row.retired && retired.length === 0) return null;
  return new RoleSection(content, row, [...content.moment.catalogue.permissionsOf(row.key), ...retired]);
}
