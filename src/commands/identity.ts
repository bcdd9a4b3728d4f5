import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { v4 } from 'uuid';
import { nameBasedId } from '../domain/name-based-id';
import { canonicalJson } from '../event-store/port/json';
import { KeyBookError } from '../keys/port/key-book';
import type { AccountSealing, Sealing } from '../sealing/sealing';
import type { CreateApiKey } from './inputs';
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
  /**
   * The two before they were hashed with the secret of the account: anyone can compute them. Of these only the id of a
   * role is recorded, which tells nothing personal.
   */
  readonly former: { readonly commandId: string; readonly inputHash: string };
}

/** Hashes, with the secret of an account, what a command’s ids are. */
export type KeyedIds = Pick<AccountSealing, 'uuid' | 'digest'>;

export function identify(
  command: { readonly type: string; readonly [field: string]: unknown },
  context: CommandContext,
  { newId = v4, ids = AS_THEY_ARE }: { readonly newId?: () => string; readonly ids?: KeyedIds } = {},
): CommandIdentity {
  const key = context.idempotencyKey;
  const mutation = context.batch?.name ?? command.type;
  const name = [context.account, context.actor.type, context.actor.id, mutation, key].join('\n');
  const input = { ...command, ...DRAWN_AGAIN[command.type], expectedVersion: context.expectedVersion };
  const former = {
    commandId: key ? nameBasedId(name, NAMESPACE) : newId(),
    inputHash: hash('sha256', canonicalize(input) ?? ''),
  };
  return {
    commandId: key ? ids.uuid(former.commandId) : former.commandId,
    keyed: Boolean(key),
    inputHash: ids.digest(former.inputHash),
    former,
  };
}

/** Fields that a sender draws at random for each attempt: they are no input, for a repeat is the same command without them. */
const DRAWN_AGAIN: { readonly [Type in string]?: Readonly<Record<string, undefined>> } = {
  createApiKey: { prefix: undefined, hash: undefined } satisfies {
    readonly [Field in keyof CreateApiKey]?: undefined;
  },
};

const AS_THEY_ARE: KeyedIds = { uuid: (former) => former, digest: (former) => former };

/** The part of a log's sealing that tells what a command in an account is known by. */
export type SealingOfAccounts = Pick<Sealing, 'account'>;

/**
 * Identity of a command as a log has it; null if the account has no keys, so that nothing can be in it.
 * @throws KeyBookError where the book cannot be asked
 */
export async function identifyIn(
  sealing: SealingOfAccounts,
  command: Parameters<typeof identify>[0],
  context: CommandContext,
): Promise<CommandIdentity | null> {
  try {
    return identify(command, context, { ids: await sealing.account(context.account) });
  } catch (error) {
    if (error instanceof KeyBookError && error.code === 'ACCOUNT_KEYS_MISSING') return null;
    throw error;
  }
}

/**
 * Id of the role that a command creates: the same for the same key. It cannot equal a default role’s key. No secret is in
 * it, so that it is known outside of commands too, and the same in a copy of the log in another format.
 */
export const newRoleId = ({ former }: CommandIdentity): string => `r_${shortened(former.commandId)}`;
/** Id of the user whom a command registers without an id: the same for the same key. */
export const newUserId = ({ commandId }: Pick<CommandIdentity, 'commandId'>): string =>
  `u_${shortened(commandId)}`;

/** Id of the API key that a command creates: the same for the same key and input. */
export const newApiKeyId = ({ commandId, inputHash }: CommandIdentity): string =>
  `k_${shortened(`${commandId}\n${inputHash}`)}`;

const shortened = (commandId: string): string => hash('sha256', commandId).slice(0, 20);

/** Id of the nth event of a command: the same only for the same command, input, index and data, which are in clear. */
export function eventId(
  { former }: CommandIdentity,
  { index, type, data }: { readonly index: number; readonly type: string; readonly data: object },
  ids: KeyedIds = AS_THEY_ARE,
): string {
  const { commandId, inputHash } = former;
  return ids.uuid(
    nameBasedId(`${commandId}\n${inputHash}\n${index}\n${type}\n${canonicalJson(data)}`, NAMESPACE),
  );
}
