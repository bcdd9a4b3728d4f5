import type { RoleState } from '../../domain/role/state';
import { CommandError } from '../outcome';
import type { CommandSession } from '../session';
import type { LoadedStream } from '../streams/stream-state';

/**
 * The basis of a preview: a moment since which nothing may have changed that the preview rests on. The streams say it of
 * the role and of the one that is copied, exactly; the tables, as they stand when the command is decided, of all else.
 */

/** A role that is to be changed or made, and who is concerned. */
export interface RoleTarget {
  readonly role: string;
  /** Users whom the change names, or takes along. */
  readonly users: readonly string[];
  /** The role that a new one is a copy of; the stream is left out where the past is copied. */
  readonly source?: { readonly role: string; readonly stream?: LoadedStream<RoleState> };
}

/** True of a change that was previewed, if something that the preview rests on has changed. @throws CommandError */
export function isStale(
  { tools, context }: CommandSession,
  { role, users, source }: RoleTarget,
  loaded: LoadedStream<RoleState>,
): boolean {
  const { account, actor, batch, expectedBasis } = context;
  if (expectedBasis === undefined) return false;
  const streams = [loaded, ...(source?.stream ? [source.stream] : [])];
  const changed = tools.reads.changedSince(account, expectedBasis, {
    role: source?.role ?? role,
    // Rights may come and go with the roles of the caller.
    users: actor.type === 'user' ? [...users, actor.id] : users,
    positions: streams.flatMap((stream) =>
      stream.position === null || batch?.wroteLast(stream) ? [] : [stream.position],
    ),
  });
  if (changed === undefined)
    throw new CommandError(
      'STALE_REPLICA',
      'This replica has not reached the basis of that preview yet. Try another, or later.',
    );
  return changed;
}
