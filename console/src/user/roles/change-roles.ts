import type { Client } from '@urql/core';
import {
  ChangeRolesDocument,
  type ChangeRolesMutation,
  type RefusalFragment,
  type UpdateUserRolesInput,
} from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { send } from '../../role/save/send';
import { refusalWords, type RoleNames } from '../refusal-words';

type Payload = NonNullable<ChangeRolesMutation['updateUserRoles']>;

/** Refusals of a payload: of the whole, then of each role. */
export const allRefusals = (payload: Payload | null): readonly RefusalFragment[] =>
  payload ? [...payload.errors, ...payload.results.flatMap(({ errors }) => errors)] : [];

/** Takes a change of roles back by a command of its own. @returns why that was refused; null: it is done */
export async function undoRoles(
  client: Client,
  change: Pick<UpdateUserRolesInput, 'userId' | 'assignRoleIds' | 'unassignRoleIds'>,
  names: RoleNames,
): Promise<string | null> {
  const input = { ...change, idempotencyKey: crypto.randomUUID() };
  const { data, fault } = await send(client, ChangeRolesDocument, { input }, () => undefined);
  if (fault) return fault.kind === 'offline' ? t('fault.offline') : fault.message;
  const [refusal] = allRefusals(data.updateUserRoles);
  return refusal ? refusalWords(refusal, names) : null;
}
