import { Field, ObjectType } from 'type-graphql';
import {
  changeMemberships,
  demandMembershipRights,
  type MembershipsChange,
  type MembershipsOutcome,
} from '../../commands/batch/memberships';
import type { RequestContext } from '../context';
import type { FieldCost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { basisOf, malformedInput, orTold, positionOf, reached, requestOf, type ChangeInput } from './execute';
import { InputIds } from './input-refusals';
import { DRY_RUN_DONE } from './input.type';
import { asMutationError, Payload, type FieldNames, type MutationError, type Settled } from './payload.type';

/** Outcome of a change of many memberships, before its payload is read. */
export interface SettledMemberships extends Pick<Settled, 'errors' | 'position' | 'projected'> {
  /** Id of the user or role whose memberships they are. */
  readonly of: string;
  readonly dryRun: boolean;
  readonly results: readonly MembershipResult[];
  /** The view that shows all of it; null where it cannot be shown yet. */
  readonly moment: PinnedView | null;
}

/** Outcome of one membership, for the role or user that a list of the input names. */
export interface MembershipResult {
  readonly id: string;
  readonly changed: boolean;
  readonly errors: MutationError[];
}

/** Fields of a payload of many memberships besides their results and whose they are. */
@ObjectType({ simpleResolvers: true })
export abstract class MembershipsPayload extends Payload {
  abstract readonly results: readonly { readonly errors: readonly MutationError[] }[];

  @Field(() => Boolean, { description: DRY_RUN_DONE })
  dryRun: boolean;

  constructor(settled: SettledMemberships) {
    super(settled);
    this.dryRun = settled.dryRun;
  }

  override allErrors(): readonly MutationError[] {
    return [...this.errors, ...this.results.flatMap(({ errors }) => errors)];
  }
}

/** Work of a mutation besides its memberships, and of each: a command with an append of its own. */
const WORK = 200;
const A_MEMBERSHIP = 50;

/** Cost of a mutation with these lists. */
export const membershipsCost = (...lists: (readonly string[] | null | undefined)[]): FieldCost => ({
  work: WORK + A_MEMBERSHIP * lists.reduce((sum, list) => sum + (list?.length ?? 0), 0),
});

/**
 * Runs a mutation of many memberships as `execute` runs one of a single command. `names`: the input’s fields for the
 * lists, and for the id of the role or user that it changes.
 */
export async function executeMemberships(
  context: RequestContext,
  input: ChangeInput,
  change: (ids: InputIds) => MembershipsChange,
  names: FieldNames,
): Promise<SettledMemberships> {
  const { services } = context;
  const ids = new InputIds();
  const asked = change(ids);
  const request = requestOf(context, input);
  const dryRun = input.dryRun === true;
  await orTold(() => demandMembershipRights(request, services.reads));
  const malformed = await malformedInput(context, input, ids);
  let outcome: MembershipsOutcome = { refusals: malformed, memberships: [], position: null };
  if (malformed.length === 0) {
    await context.beforeInput();
    const expectedBasis = await basisOf(context, input);
    const all = { ...request, expectedBasis, dryRun };
    outcome = await orTold(() => changeMemberships(services.bus, asked, all));
  }
  const position = dryRun ? null : outcome.position;
  const projected = await reached(context, position);
  const moment = context.refresh();
  return {
    errors: outcome.refusals.map((refusal) => asMutationError(refusal, names)),
    position: positionOf(context, position),
    projected,
    of: asked.of,
    dryRun,
    results: outcome.memberships.map(({ id, changed, refusals }) => ({
      id,
      changed,
      errors: refusals.map((refusal) => asMutationError(refusal, names)),
    })),
    moment: projected ? moment : null,
  };
}
