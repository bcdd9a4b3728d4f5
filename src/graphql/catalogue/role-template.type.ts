import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { RoleTemplate as RoleTemplateRow } from '../../domain/catalogue/catalogue';
import { Node } from '../global-id';
import { Cost } from '../limits/field-cost';
import { Permission, permissionOf } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'A suggestion for a custom role: what the form of a new role begins with. Fill in the form with it and send it with `createRole`; the role made is the account’s own, and no publication changes it.',
})
export class RoleTemplate implements Node {
  constructor(
    private readonly moment: PinnedView,
    private readonly row: RoleTemplateRow,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `RoleTemplate:auditor`.' })
  get id(): string {
    return this.moment.globalId('RoleTemplate', this.row.key);
  }

  @Field(() => String, { description: 'Key of the template in the catalogue.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => String, { description: 'Name suggested for the role.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'Description suggested for the role.' })
  get description(): string {
    return this.row.description;
  }

  @Field(() => Int, { description: 'Number of permissions suggested.' })
  get permissionCount(): number {
    return this.row.permissions.length;
  }

  @Field(() => Int, { description: 'Number of different scopes that come with them.' })
  get scopeCount(): number {
    const { permission } = this.moment.catalogue;
    return new Set(this.row.permissions.flatMap((key) => permission.get(key)?.scopes ?? [])).size;
  }

  @Field(() => [Permission], {
    description:
      'Permissions suggested, each with all its scopes. Those that are not `grantable` would be refused, those that are not `available` would have no effect.',
  })
  @Cost({ size: 20 })
  get permissions(): Permission[] {
    return this.row.permissions.map((key) => permissionOf(this.moment, key));
  }
}
