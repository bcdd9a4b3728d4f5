import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import { Feature, RoleGroup, Section } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';
import { RoleTemplate } from './role-template.type';

@ObjectType({
  simpleResolvers: true,
  description:
    'Sections, permissions, scopes and features that roles are made of, and templates for new ones, in the order of the catalogue file.',
})
export class PermissionCatalogue {
  constructor(private readonly moment: PinnedView) {}

  @Field(() => ID, {
    description: 'Id for caches, of the catalogue as this account sees it; `node` does not find it.',
  })
  get id(): string {
    return this.moment.globalId('PermissionCatalogue', this.moment.view.account);
  }

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
    return present(this.moment.catalogue.content.groups).map((row) => new RoleGroup(this.moment, row));
  }

  @Field(() => [Section], { description: 'Sections with their permissions.' })
  @Cost({ size: 14 })
  get sections(): Section[] {
    return present(this.moment.catalogue.content.sections).map((row) => new Section(this.moment, row));
  }

  @Field(() => [Feature], { description: 'Features that an account can have.' })
  @Cost({ size: 40 })
  get features(): Feature[] {
    return present(this.moment.catalogue.content.features).map((row) => new Feature(this.moment, row));
  }

  @Field(() => [RoleTemplate], { description: 'Suggestions for custom roles.' })
  @Cost({ size: 5 })
  get roleTemplates(): RoleTemplate[] {
    return this.moment.catalogue.content.roleTemplates.map((row) => new RoleTemplate(this.moment, row));
  }
}

const present = <Row extends { readonly retired: boolean }>(rows: readonly Row[]): Row[] =>
  rows.filter(({ retired }) => !retired);
