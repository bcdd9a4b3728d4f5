import type { UnrecordedChange } from '../../../projections/view';
import { Batch } from '../../commands/batch/batch';
import {
  changeMemberships,
  demandMembershipRights,
  type MembershipsChange,
} from '../../commands/batch/memberships';
import type { Command, CommandContext, InputRefusal } from '../../commands/command';
import { demandRights } from '../../commands/rights';
import type { Position } from '../../event-store/port/event-store';
import { roleStream } from '../../event-store/port/streams';
import type { RequestContext } from '../context';
import { requestError } from '../errors';
import type { PinnedView } from '../pinned-view';
import {
  atItsMoment,
  basisOf,
  malformedInput,
  orTold,
  reached,
  requestOf,
  type ChangeInput,
} from './execute';
import { InputIds } from './input-refusals';
import { asMutationError, type FieldNames, type MutationError } from './payload.type';

/** Previews of mutations of roles: each is decided by its command, in a dry run, on what one view shows. */

/** A mutation to be previewed: its input, what it is read to, and the input’s own names of fields. */
export interface Previewed<Input extends ChangeInput = ChangeInput> {
  readonly input: Input;
  readonly read: (ids: InputIds) => Command | MembershipsChange;
  readonly names: FieldNames;
}

/** Outcome that a mutation would have. */
export interface Rehearsed {
  readonly errors: MutationError[];
  /** The view that it was decided on. */
  readonly moment: PinnedView;
  /** Null where the mutation is refused. */
  readonly change: UnrecordedChange | null;
}

/** Outcome of one dry run. */
interface DryRun {
  readonly refusals: readonly InputRefusal[];
  readonly position: Position | null;
  readonly role: string | null;
  /** True if the view is not what it was decided on. */
  readonly isStale: boolean;
}

/** Limit of dry runs, each on a newer view: the streams may be ahead of the tables, and the tables ahead of a view. */
const MOST_RUNS = 5;

/** @throws RequestError for who lacks the rights of the mutation, and where this replica cannot decide */
export async function rehearse(
  context: RequestContext,
  { input, read, names }: Previewed,
): Promise<Rehearsed> {
  const ids = new InputIds();
  const named = read(ids);
  const request = requestOf(context, input);
  await orTold(() => demandRightsOf(context, named, request));
  const malformed = await malformedInput(context, input, ids);
  if (malformed.length > 0) return { errors: told(malformed, names), moment: context.now, change: null };
  await context.beforeInput();
  const asked = isOfMany(named) ? named : await atItsMoment(context, named, ids);
  const given = await basisOf(context, input);
  const { readModels, projectionWaitMs } = context.services;
  // Changes that were answered before the preview was asked for belong to its basis, wherever they were made.
  await readModels.waitForHead(projectionWaitMs);
  let moment = context.latest();
  for (let runs = 1; ; runs += 1) {
    const batch = new Batch(named.type, true);
    const expectedBasis = given ?? moment.view.pin.ordinal;
    const run = await dryRun(context, asked, { ...request, batch, expectedBasis });
    const isLast = runs === MOST_RUNS;
    if (!run.isStale || (isLast && given !== undefined)) {
      const { account, actor: by } = request;
      const { role } = run;
      const change = role && { role, events: batch.rehearsedOn(roleStream(account, role)), by };
      return { errors: told(run.refusals, names), moment, change: change || null };
    }
    if (isLast || !(await reached(context, run.position))) throw requestError('STALE_REPLICA', TOO_FAST);
    moment = context.latest();
  }
}

const TOO_FAST = 'What is to be previewed changes faster than this replica reads it. Try again.';

const told = (refusals: readonly InputRefusal[], names: FieldNames): MutationError[] =>
  refusals.map((refusal) => asMutationError(refusal, names));

const isOfMany = (change: Command | MembershipsChange): change is MembershipsChange => 'of' in change;

function demandRightsOf(
  { services }: RequestContext,
  change: Command | MembershipsChange,
  request: CommandContext,
): void {
  if (isOfMany(change)) demandMembershipRights(request, services.reads);
  else demandRights(change, request, services.reads);
}

/** Many memberships are decided each for itself: those that are refused do not hold up the others. */
async function dryRun(
  { services: { bus } }: RequestContext,
  change: Command | MembershipsChange,
  request: CommandContext,
): Promise<DryRun> {
  if (isOfMany(change)) {
    const outcome = await orTold(() => changeMemberships(bus, change, { ...request, dryRun: true }));
    const refusals = [...outcome.refusals, ...outcome.memberships.flatMap((each) => each.refusals)];
    const role = outcome.refusals.length > 0 ? null : change.of;
    return { refusals, isStale: isStale(refusals), position: outcome.position, role };
  }
  const outcome = await orTold(() => bus.execute(change, request));
  const { position } = outcome;
  return outcome.accepted
    ? { refusals: [], isStale: false, position, role: outcome.owner.id }
    : { refusals: outcome.refusals, isStale: isStale(outcome.refusals), position, role: null };
}

const isStale = (refusals: readonly InputRefusal[]): boolean =>
  refusals.some(({ code }) => code === 'PREVIEW_STALE');
