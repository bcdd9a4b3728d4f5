import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { refreshTo } from '../api/watched';
import { useSession } from '../app/session-context';
import { askPosition } from './ask-position';
import { isInHand, tellForms } from './hands';
import { startPoll } from './poll';
import { SharedStream } from './share';
import { openStream } from './stream';

/** Faults in a row after which the reader is told that the screen may be old. */
const TOLD_AFTER = 3;

/** Outcome of keeping the screens as they are on record. */
export interface Live {
  /** Position that the screens were brought to; null: not yet. */
  readonly position: string | null;
  /** True if the server has not answered for a while. */
  readonly mayBeOld: boolean;
}

/**
 * Keeps the screens as others change what they show: asks for the position, whenever the stream says that it moved or each second
 * where there is none, and reads anew what shows another one. The past does not change, so it is not asked about.
 */
export function useLive(isPast: boolean): Live {
  const client = useClient();
  const { session } = useSession();
  const name = `rolebook-live ${session.account} ${session.user.id}`;
  const [live, setLive] = useState<Live>({ position: null, mayBeOld: false });
  useEffect(() => {
    if (isPast) return;
    const told = (mayBeOld: boolean, position?: string): void =>
      setLive((now) => {
        const next = { position: position ?? now.position, mayBeOld };
        return next.position === now.position && next.mayBeOld === now.mayBeOld ? now : next;
      });
    const stream = sharedStream(name);
    const stop = startPoll({
      ask: () => askPosition(stream?.isLive ? stream.last : null),
      page: document,
      stream,
      onPosition: (position) => {
        const stays = tellForms(position) || isInHand();
        told(false, stays ? undefined : position);
        if (!stays) refreshTo(client, position);
        return !stays;
      },
      onFault: (inARow) => told(inARow >= TOLD_AFTER),
    });
    return () => {
      stop();
      stream?.stop();
      told(false);
    };
  }, [client, isPast, name]);
  return live;
}

/** The stream of all tabs; null in a browser that cannot share one, as on pages that come by http. */
function sharedStream(name: string): SharedStream | null {
  if (!('locks' in navigator) || !('BroadcastChannel' in window)) return null;
  return new SharedStream({
    ...{ name, locks: navigator.locks, open: openStream },
    channel: new BroadcastChannel(name),
  });
}
