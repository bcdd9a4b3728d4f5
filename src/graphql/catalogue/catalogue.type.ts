import { Field, Int, ObjectType } from 'type-graphql';
import type { Permission as PermissionRow, Section as SectionRow } from '../../domain/catalogue/catalogue';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import { Feature, Permission, RoleGroup, Section } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';

@ObjectType({
  simpleResolvers: true,
  description: 'A permission as a new role’s form shows it to this caller.',
})
export class CataloguePermission extends Permission {
  constructor(
    private readonly moment: PinnedView,
    row: PermissionRow,
  ) {
    super(moment.catalogue, row);
  }

  @Field(() => Boolean, { description: 'True if its feature is enabled in the account.' })
  get available(): boolean {
    return this.moment.isEnabled(this.row.feature);
  }

  @Field(() => Boolean, {
    description: 'True if this caller may grant it: a privileged one only if it is granted to the caller.',
  })
  get grantable(): boolean {
    const { caller } = this.moment.request;
    return caller.may('roles/manage') && caller.mayGive(this.row);
  }
}

@ObjectType({ simpleResolvers: true, description: 'A section of the catalogue with its permissions.' })
export class CatalogueSection extends Section {
  constructor(
    private readonly moment: PinnedView,
    row: SectionRow,
  ) {
    super(row);
  }

  @Field(() => [CataloguePermission], { description: 'Its permissions, in the order of the catalogue.' })
  @Cost({ size: 10 })
  get permissions(): CataloguePermission[] {
    const { catalogue } = this.moment;
    return catalogue.permissionsOf(this.key).map((row) => new CataloguePermission(this.moment, row));
  }
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Sections, permissions, scopes and features that roles are made of, in the order of the catalogue file.',
})
export class PermissionCatalogue {
  constructor(private readonly moment: PinnedView) {}

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => Int, { description: 'Version of the catalogue; 0 where none was published yet.' })
  get version(): number {
    return this.moment.catalogue.version;
  }

  @Field(() => [RoleGroup], { description: 'Groups of default roles.' })
  @Cost({ size: 3 })
  get groups(): RoleGroup[] {
    return this.moment.catalogue.content.groups.filter(({ retired }) => !retired);
  }

  @Field(() => [CatalogueSection], { description: 'Sections with their permissions.' })
  @Cost({ size: 14 })
  get sections(): CatalogueSection[] {
    const { sections } = this.moment.catalogue.content;
    return sections.filter(({ retired }) => !retired).map((row) => new CatalogueSection(this.moment, row));
  }

  @Field(() => [Feature], { description: 'Features that an account can have.' })
  @Cost({ size: 40 })
  get features(): Feature[] {
    return this.moment.catalogue.content.features.filter(({ retired }) => !retired);
  }
}
