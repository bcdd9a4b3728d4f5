import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { v4 } from 'uuid';
import { nameBasedId } from '../domain/name-based-id';
import { canonicalJson } from '../event-store/port/json';
import type { CommandContext } from './outcome';

/** Ids derived from the command, so that a repeat is recognised, on this replica and on any other. */

/** Namespace of all name-based ids of Rolebook (a random UUID, fixed for ever). */
const NAMESPACE = '6f1d8a52-3c0e-4f0c-9a7b-2d54c1b7f0e3';

export interface CommandIdentity {
  /** Derived from account, actor, mutation and key; random if no key was given. */
  readonly commandId: string;
  readonly keyed: boolean;
  /** SHA-256 of the input as canonical JSON, hex. The key, the reason and the context are not input. */
  readonly inputHash: string;
}

export function identify(
  command: { readonly type: string; readonly [field: string]: unknown },
  context: CommandContext,
  newId: () => string = v4,
): CommandIdentity {
  const key = context.idempotencyKey;
  const name = [context.account, context.actor.type, context.actor.id, command.type, key].join('\n');
  const input = { ...command, expectedVersion: context.expectedVersion };
  return {
    commandId: key ? nameBasedId(name, NAMESPACE) : newId(),
    keyed: Boolean(key),
    inputHash: hash('sha256', canonicalize(input) ?? ''),
  };
}

/** Id of the role or user that a command creates: the same for the same key. Custom role ids cannot equal a default role’s key. */
export const newRoleId = (identity: CommandIdentity): string => `r_${shortId(identity)}`;
export const newUserId = (identity: CommandIdentity): string => `u_${shortId(identity)}`;

const shortId = ({ commandId }: CommandIdentity): string => hash('sha256', commandId).slice(0, 20);

/** Id of the nth event of a command: the same only for the same command, input, index and data. */
export function eventId(identity: CommandIdentity, index: number, type: string, data: object): string {
  const { commandId, inputHash } = identity;
  return nameBasedId(`${commandId}\n${inputHash}\n${index}\n${type}\n${canonicalJson(data)}`, NAMESPACE);
}
