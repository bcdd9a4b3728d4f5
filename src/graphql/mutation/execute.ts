import { Batch } from '../../commands/batch/batch';
import { CommandError, type Command, type CommandContext, type InputRefusal } from '../../commands/command';
import { lengthRefusals } from '../../commands/input-check';
import { demandRights } from '../../commands/rights';
import type { Position } from '../../event-store/port/event-store';
import type { RequestContext } from '../context';
import { requestError } from '../errors';
import { InputIds, shapeRefusals } from './input-refusals';
import type { MutationInput } from './input.type';
import { asMutationError, type FieldNames, type Settled } from './payload.type';

export interface ChangeInput extends MutationInput {
  readonly expectedVersion?: number | null;
  readonly expectedBasis?: string | null;
  readonly dryRun?: boolean | null;
}

/**
 * Runs one mutation: makes it a command, sends that, and waits, bounded, for the tables to show the outcome. A caller
 * without the right is refused before any fault of the input is reported. `idField`: the input’s field for the id of
 * the role or user that it changes.
 */
export async function execute(
  context: RequestContext,
  input: ChangeInput,
  command: (ids: InputIds) => Command,
  idField = 'id',
): Promise<Settled> {
  const ids = new InputIds();
  const named = command(ids);
  const dryRun = input.dryRun === true;
  const request = {
    ...requestOf(context, input),
    ...(dryRun ? { batch: new Batch(named.type, dryRun) } : {}),
  };
  await orTold(() => demandRights(named, request, context.services.reads));
  const names = { role: idField, user: idField, apiKey: idField };
  const malformed = await malformedInput(context, input, ids);
  if (malformed.length > 0) return refused(context, malformed, null, names);
  await context.beforeInput();
  const asked = await atItsMoment(context, named, ids);
  const expectedBasis = await basisOf(context, input);
  const outcome = await orTold(() => context.services.bus.execute(asked, { ...request, expectedBasis }));
  const position = dryRun ? null : outcome.position;
  if (!outcome.accepted) return refused(context, outcome.refusals, position, names);
  const projected = await reached(context, position);
  const moment = context.refresh();
  return {
    errors: [],
    position: positionOf(context, position),
    projected,
    changes: dryRun ? (outcome.wouldWrite ?? 0) : outcome.written,
    changed: projected && !dryRun ? { owner: outcome.owner, apiKey: outcome.apiKey, moment } : null,
  };
}

/**
 * The ordinal of the basis that a mutation expects; undefined for any. Waits for all that the log holds: what was changed
 * before the mutation was sent counts, wherever it was.
 * @throws RequestError if the basis is no position of this log, or this replica has not reached it or the end of the log
 */
export async function basisOf(
  context: RequestContext,
  { expectedBasis }: ChangeInput,
): Promise<number | undefined> {
  if (expectedBasis == null) return undefined;
  const { readModels, projectionWaitMs } = context.services;
  const { view } = await context.at({ position: expectedBasis });
  if (!(await readModels.waitForHead(projectionWaitMs))) throw requestError('STALE_REPLICA', BEHIND);
  return view.pin.ordinal;
}

const BEHIND =
  'This replica lags behind the log and cannot tell what changed since that basis. Try another, or later.';

/**
 * A copy of what was carries the ordinal of the moment. It is looked up for those alone who may copy.
 * @throws RequestError if the id of the source names no moment of this log, or one that this replica has not reached
 */
export async function atItsMoment(
  context: RequestContext,
  command: Command,
  { sourceAt }: InputIds,
): Promise<Command> {
  if (sourceAt === null || command.type !== 'duplicateRole') return command;
  const { view } = await context.at({ position: sourceAt });
  return { ...command, asOf: view.pin.ordinal };
}

/** A refusal depends on events that the caller may want to read next. */
async function refused(
  context: RequestContext,
  refusals: readonly InputRefusal[],
  position: Position | null,
  names: FieldNames,
): Promise<Settled> {
  const projected = await reached(context, position);
  context.refresh();
  return {
    errors: refusals.map((refusal) => asMutationError(refusal, names)),
    position: positionOf(context, position),
    projected,
    changes: 0,
    changed: null,
  };
}

/** The context of the commands of a mutation. */
export const requestOf = (
  { caller, requestId }: RequestContext,
  { idempotencyKey, reason, expectedVersion }: ChangeInput,
): CommandContext => ({
  account: caller.account,
  actor: { type: 'user', id: caller.user },
  requestId,
  idempotencyKey,
  reason,
  // Null is refused with the shape of the input, before the command is sent.
  expectedVersion: expectedVersion ?? undefined,
});

/** Faults of an input that show before any rule does: lists that are too long alone, else shapes and ids. */
export async function malformedInput(
  context: RequestContext,
  input: ChangeInput,
  ids: InputIds,
): Promise<readonly InputRefusal[]> {
  const tooLong = lengthRefusals(input);
  return tooLong.length > 0 ? tooLong : [...(await shapeRefusals(input, context.work)), ...ids.refusals];
}

/** @throws GraphQLError for the caller if a command could not be decided */
export async function orTold<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof CommandError ? requestError(error.code, error.message) : error;
  }
}

export const positionOf = (context: RequestContext, position: Position | null): string | null =>
  position === null ? null : context.encodePosition(position);

/** Waits, bounded, for the tables to show a position. */
export const reached = async ({ services }: RequestContext, position: Position | null): Promise<boolean> =>
  position === null || services.readModels.waitFor(position, services.projectionWaitMs);
