import type { EventStore, LogOrigin } from '../../event-store/port/event-store';
import { estimatedTotal } from '../../shared/progress';
import { LogMismatchError, type CopyOptions } from './copy';
import { LogUpTo } from './log-up-to';

export interface OriginOptions extends Pick<CopyOptions, 'onProgress'> {
  /** True if users whose ids were made from their usernames get others. */
  readonly newUserIds: boolean;
}

/**
 * Origin of the encrypted copy of a log in a target: the source is read once, to be named in the copy, unless the target
 * was begun as a copy of it before.
 * @throws LogMismatchError where the source is encrypted already, or the target is the copy of another log, or was begun otherwise
 */
export async function originOfCopy(
  source: EventStore,
  target: Pick<EventStore, 'origin'>,
  { newUserIds, onProgress }: OriginOptions,
): Promise<LogOrigin> {
  if ((await source.format()) !== 1)
    throw new LogMismatchError('The source is encrypted already: copy it without --encrypt.');
  const origin = (await target.origin()) ?? { ...(await originAt(source, onProgress)), newUserIds };
  if (origin.identity !== (await source.identity()))
    throw new LogMismatchError('The target is the encrypted copy of another log.');
  if (origin.newUserIds !== newUserIds)
    throw new LogMismatchError(
      `The target was begun ${newUserIds ? 'without' : 'with'} --new-user-ids: go on so, or copy into an empty log.`,
    );
  return origin;
}

async function originAt(
  source: EventStore,
  onProgress: CopyOptions['onProgress'],
): Promise<Omit<LogOrigin, 'newUserIds'>> {
  const end = (await source.head())?.position ?? null;
  const upToNow = new LogUpTo(source, end, () => new LogMismatchError('The source became shorter.'));
  let read = 0;
  for await (const { position } of upToNow.readAll())
    onProgress((read += 1), end === null ? null : estimatedTotal(read, position, end));
  const { events, digest } = upToNow.read;
  return { identity: await source.identity(), events, digest };
}
