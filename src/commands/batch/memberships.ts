import { hash } from 'node:crypto';
import { named } from '../../domain/refusal';
import type { Position } from '../../event-store/port/event-store';
import { Batch } from './batch';
import type { CommandBus } from '../command';
import type { DecisionReads } from '../decision-reads';
import { contextRefusals } from '../input-check';
import {
  CommandError,
  inputRefusal,
  type CommandContext,
  type CommandOutcome,
  type InputRefusal,
} from '../outcome';
import type { Command } from '../registry';
import { demandRights } from '../rights';

/**
 * Changes of many memberships at once: of one user in many roles, or of many users in one role. Each membership is an
 * `assignUsers` or `unassignUsers` of its own, whole in itself, so that one that is refused does not hold up the others.
 */

/** Many memberships to begin and to end. */
export interface MembershipsChange {
  readonly type: keyof typeof KINDS;
  /** Id of the user whose roles, or of the role whose users, are changed. */
  readonly of: string;
  /** Ids of the roles, or of the users. */
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
}

/** Kinds of such changes; `first`: the list that is carried out first. */
const KINDS = {
  /** A user who is to swap two roles in conflict leaves the one before joining the other. */
  updateUserRoles: { first: 'unassign', others: 'role', of: 'user', limit: 100 },
  /** A role that has to keep a user, as `account-admin` has, gets the new ones before the old ones leave. */
  updateRoleUsers: { first: 'assign', others: 'user', of: 'role', limit: 200 },
} as const;

/** Fields of such a change, the lists and the names of what they are of. */
export const MEMBERSHIP_FIELDS = ['role', 'user', 'assign', 'unassign'] as const;

export const isMembershipsChange = (type: string): type is keyof typeof KINDS => Object.hasOwn(KINDS, type);

/** Limits of memberships in one change, by its type. */
export const MAX_USER_ROLES = KINDS.updateUserRoles.limit;
export const MAX_ROLE_USERS = KINDS.updateRoleUsers.limit;

/** Lists of a change, in the order in which they are answered. */
const LISTS = ['assign', 'unassign'] as const;
type List = (typeof LISTS)[number];

/** One membership, its place in the input, and its outcome. */
export interface MembershipOutcome {
  readonly list: List;
  /** Id of the role or user that the list names. */
  readonly id: string;
  /** True if it changed, or would by a dry run. */
  readonly changed: boolean;
  readonly refusals: readonly InputRefusal[];
}

/** Outcome of the whole: one outcome a membership in the order asked, or what is wrong with the input as a whole. */
export interface MembershipsOutcome {
  readonly refusals: readonly InputRefusal[];
  readonly memberships: readonly MembershipOutcome[];
  /** The latest position of them all. */
  readonly position: Position | null;
}

type MembershipCommand = Extract<Command, { type: 'assignUsers' | 'unassignUsers' }>;

interface Membership {
  readonly list: List;
  readonly index: number;
  readonly id: string;
}

/**
 * Changes the memberships one after another, in a fixed order: of a user’s roles first those to leave, of a role’s users
 * first those to join. All are judged by the rights that the actor had at the first. Refused ones are passed over. The
 * key of a membership follows from the key of the whole, and from user and role: sent again under its key, the whole
 * carries out what is left of it, and nothing twice.
 * @throws CommandError at the first that cannot be decided: those before it stay, those after it are not tried
 */
export async function changeMemberships(
  bus: CommandBus,
  change: MembershipsChange,
  {
    dryRun,
    batch = new Batch(change.type, dryRun),
    ...context
  }: CommandContext & { readonly dryRun: boolean },
): Promise<MembershipsOutcome> {
  const asked = LISTS.flatMap((list) => change[list].map((id, index): Membership => ({ list, index, id })));
  const malformed = [...refusalsOf(change, asked), ...contextRefusals(context)];
  if (malformed.length > 0) return { refusals: malformed, memberships: [], position: null };
  const outcomes = new Map<Membership, CommandOutcome>();
  const { first } = KINDS[change.type];
  const inOrder = [
    ...asked.filter(({ list }) => list === first),
    ...asked.filter(({ list }) => list !== first),
  ];
  for (const each of inOrder) {
    const command = commandOf(change, each);
    const idempotencyKey = keyOf(command, context.idempotencyKey);
    const outcome = await bus
      .execute(command, { ...context, idempotencyKey, batch })
      .catch((error: unknown) => Promise.reject(midway(error, [...outcomes.values()], asked.length)));
    outcomes.set(each, outcome);
    // Nothing is written yet, and nothing will be.
    if (outcomes.size === 1 && isStale(outcome))
      return { refusals: outcome.refusals, memberships: [], position: outcome.position };
  }
  return {
    refusals: [],
    memberships: asked.map((each) => ({
      list: each.list,
      id: each.id,
      ...told(change, each, outcomes.get(each)!),
    })),
    position: latest([...outcomes.values()]),
  };
}

/** @throws CommandError as `demandRights` does: the rights that any change of memberships needs */
export function demandMembershipRights(context: CommandContext, reads: DecisionReads): void {
  demandRights({ type: 'assignUsers', role: '', userIds: [] }, context, reads);
}

/** Faults of the lists as a whole: nothing may be written where what is wanted is not clear. */
function refusalsOf({ type }: MembershipsChange, asked: readonly Membership[]): InputRefusal[] {
  const { limit, others } = KINDS[type];
  if (asked.length > limit) {
    const message = `${asked.length} ${others}s; one mutation takes ${limit}.`;
    return [inputRefusal('TOO_MANY', { message })];
  }
  const seen = new Set<string>();
  return asked.flatMap(({ list, index, id }) => {
    if (seen.size < seen.add(id).size) return [];
    const message = `The ${others} ${named([id])} is named more than once.`;
    return [inputRefusal('INVALID_INPUT', { field: [list, String(index)], message })];
  });
}

function commandOf({ type, of }: MembershipsChange, { list, id }: Membership): MembershipCommand {
  const [user, role] = type === 'updateUserRoles' ? [of, id] : [id, of];
  return { type: `${list}Users`, role, userIds: [user] };
}

/** A hash, for a key has a limited length. It holds for the actor and the name of the batch, as every key does. */
const keyOf = ({ role, userIds }: MembershipCommand, key: string | null | undefined): string | null =>
  key ? hash('sha256', [...userIds, role, key].join('\n')) : null;

function told(
  { type }: MembershipsChange,
  { list, index }: Membership,
  outcome: CommandOutcome,
): Pick<MembershipOutcome, 'changed' | 'refusals'> {
  if (outcome.accepted)
    return { changed: outcome.written > 0 || (outcome.wouldWrite ?? 0) > 0, refusals: [] };
  const { of, others } = KINDS[type];
  const own = [list, String(index)];
  const fieldOf = ({ code, field }: InputRefusal): readonly string[] | undefined => {
    const about = ABOUT_USER.has(code) ? 'user' : field?.[0] === 'role' ? 'role' : null;
    if (about === of) return [of];
    return about === others || field?.[0] === 'userIds' ? own : field;
  };
  return {
    changed: false,
    refusals: outcome.refusals.map((refusal) => ({ ...refusal, field: fieldOf(refusal) })),
  };
}

/** Refusals for what the user is, whatever the role. */
const ABOUT_USER: ReadonlySet<string> = new Set(['UNKNOWN_USER', 'USER_INACTIVE', 'USER_ERASED']);

const isStale = (outcome: CommandOutcome): outcome is Extract<CommandOutcome, { accepted: false }> =>
  !outcome.accepted && outcome.refusals.some(({ code }) => code === 'PREVIEW_STALE');

/** A failure, and how far the whole came before it: its own message tells of one membership alone. */
function midway(error: unknown, before: readonly CommandOutcome[], all: number): unknown {
  const changed = before.filter((outcome) => outcome.accepted && outcome.written > 0).length;
  if (!(error instanceof CommandError) || changed === 0) return error;
  const message = `After ${changed} of ${all} memberships were changed, one failed: ${error.message} What was changed stays; send the whole again.`;
  return new CommandError(error.code, message, { cause: error });
}

function latest(outcomes: readonly CommandOutcome[]): Position | null {
  let last: Position | null = null;
  for (const { position } of outcomes)
    if (position !== null && (last === null || position > last)) last = position;
  return last;
}
