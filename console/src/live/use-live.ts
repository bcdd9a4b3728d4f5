import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { refreshTo } from '../api/watched';
import { askPosition } from './ask-position';
import { isInHand, tellForms } from './hands';
import { startPoll } from './poll';

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
 * Keeps the screens as others change what they show: asks for the position, and reads anew what shows another one. The past
 * does not change, so it is not asked about.
 */
export function useLive(isPast: boolean): Live {
  const client = useClient();
  const [live, setLive] = useState<Live>({ position: null, mayBeOld: false });
  useEffect(() => {
    if (isPast) return;
    const told = (mayBeOld: boolean, position?: string): void =>
      setLive((now) => {
        const next = { position: position ?? now.position, mayBeOld };
        return next.position === now.position && next.mayBeOld === now.mayBeOld ? now : next;
      });
    const stop = startPoll({
      ask: askPosition,
      page: document,
      onPosition: (position) => {
        const stays = tellForms(position) || isInHand();
        told(false, stays ? undefined : position);
        if (!stays) refreshTo(client, position);
      },
      onFault: (inARow) => told(inARow >= TOLD_AFTER),
    });
    return () => {
      stop();
      told(false);
    };
  }, [client, isPast]);
  return live;
}
