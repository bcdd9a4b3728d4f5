import { CommandError, type Command, type CommandContext, type InputRefusal } from '../../commands/command';
import { lengthRefusals } from '../../commands/input-check';
import { demandRights } from '../../commands/rights';
import type { Position } from '../../event-store/port/event-store';
import type { RequestContext } from '../context';
import { requestError } from '../errors';
import { InputIds, shapeRefusals } from './input-refusals';
import type { MutationInput } from './input.type';
import { asMutationError, type Settled } from './payload.type';

type ChangeInput = MutationInput & { readonly expectedVersion?: number | null };

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
  const request = requestOf(context, input);
  try {
    demandRights(named, request, context.services.reads);
  } catch (error) {
    throw told(error);
  }
  const tooLong = lengthRefusals(input);
  if (tooLong.length > 0) return refused(context, tooLong, null, idField);
  const malformed = [...(await shapeRefusals(input, context.work)), ...ids.refusals];
  if (malformed.length > 0) return refused(context, malformed, null, idField);
  await context.beforeInput();
  const asked = await atItsMoment(context, named, ids);
  const outcome = await context.services.bus.execute(asked, request).catch((error: unknown) => {
    throw told(error);
  });
  if (!outcome.accepted) return refused(context, outcome.refusals, outcome.position, idField);
  const projected = await reached(context, outcome.position);
  return {
    errors: [],
    position: positionOf(context, outcome.position),
    projected,
    changed: projected ? { owner: outcome.owner, moment: context.refresh() } : null,
  };
}

/**
 * A copy of what was carries the ordinal of the moment. It is looked up for those alone who may copy.
 * @throws RequestError if the id of the source names no moment of this log, or one that this replica has not reached
 */
async function atItsMoment(
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
  idField: string,
): Promise<Settled> {
  const projected = await reached(context, position);
  context.refresh();
  return {
    errors: refusals.map((refusal) => asMutationError(refusal, idField)),
    position: positionOf(context, position),
    projected,
    changed: null,
  };
}

const requestOf = (
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

/** Error for the caller if a command could not be decided. */
const told = (error: unknown): unknown =>
  error instanceof CommandError ? requestError(error.code, error.message) : error;

const positionOf = (context: RequestContext, position: Position | null): string | null =>
  position === null ? null : context.encodePosition(position);

const reached = async ({ services }: RequestContext, position: Position | null): Promise<boolean> =>
  position === null || services.readModels.waitFor(position, services.projectionWaitMs);
