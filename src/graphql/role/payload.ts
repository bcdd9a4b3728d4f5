import { Field, ID, ObjectType } from 'type-graphql';
import { globalId } from '../ids';
import type { Settled } from '../mutation/execute';
import { Payload } from '../mutation/payload';
import type { Ref } from '../ref';
import { Role } from './type';

@ObjectType({ simpleResolvers: true, description: 'What came of a change of a role.' })
export class RolePayload extends Payload {
  @Field(() => Role, {
    nullable: true,
    description: 'The role as it is now; null where nothing was changed, and while `projected` is false.',
  })
  role: Ref<Role> | null = null;
}

@ObjectType({ simpleResolvers: true, description: 'What came of deleting a role.' })
export class DeleteRolePayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the role that is deleted; null where none is.',
  })
  deletedRoleId: string | null = null;

  @Field(() => Role, {
    nullable: true,
    description:
      'The deleted role, with `deletedAt`; null where none was deleted, and while `projected` is false.',
  })
  role: Ref<Role> | null = null;
}

export async function rolePayload(settled: Settled): Promise<RolePayload> {
  return Object.assign(new RolePayload(settled), { role: await roleOf(settled) });
}

export async function deleteRolePayload(settled: Settled, role: string | null): Promise<DeleteRolePayload> {
  const deletedRoleId = settled.errors.length > 0 || role === null ? null : globalId('Role', role);
  return Object.assign(new DeleteRolePayload(settled), { deletedRoleId, role: await roleOf(settled) });
}

async function roleOf({ changed }: Settled): Promise<Role | null> {
  const row = changed && (await changed.moment.roles.load(changed.owner.id));
  return changed && row ? new Role(row, changed.moment) : null;
}
