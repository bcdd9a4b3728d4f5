/** Milliseconds between two questions while all is well: with the reading that follows, a change shows within two seconds. */
const PAUSE = 1_000;

/**
 * The same while a stream is live: it keeps the session that it was opened with, and does not hear of one that ended in this
 * browser alone, as when cookies are cleared or somebody else signs in.
 */
const LIVE_PAUSE = 10_000;

/** Longest pause after faults; each fault doubles the one before. */
const LONGEST_PAUSE = 30_000;

/** The page whose visibility decides whether anybody would see an answer. */
export interface Page {
  readonly visibilityState: string;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/** A stream that says when to ask. */
export interface Waking {
  readonly isLive: boolean;
  onWake: () => void;
}

export interface Poll {
  /** Asks how far the log is. */
  readonly ask: () => Promise<string>;
  /** Told of each answer. @returns true if the page is as of it; false: it is to be told again */
  readonly onPosition: (position: string) => boolean;
  /** Told of each question without an answer, with how many in a row there were. */
  readonly onFault: (inARow: number) => void;
  readonly page: Page;
  /** While it is live, it says when to ask, and little is asked besides; null: there is none. */
  readonly stream: Waking | null;
}

/** Asks again and again, one question at a time and none while the page is hidden. @returns the way to stop */
export function startPoll({ ask, onPosition, onFault, page, stream }: Poll): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let woken = false;
  let stopped = false;
  let faults = 0;
  const tick = async (): Promise<void> => {
    timer = undefined;
    woken ||= asking;
    if (asking || stopped || page.visibilityState === 'hidden') return;
    asking = true;
    woken = false;
    const position = await ask().catch(() => null);
    asking = false;
    if (stopped) return;
    faults = position === null ? faults + 1 : 0;
    const settled = position !== null && onPosition(position);
    if (position === null) onFault(faults);
    // The answer may be older than what the stream said meanwhile.
    if (woken && position !== null) return tick();
    const pause = settled && stream?.isLive ? LIVE_PAUSE : Math.min(PAUSE * 2 ** faults, LONGEST_PAUSE);
    timer = setTimeout(() => void tick(), pause);
  };
  const turn = (): void => {
    clearTimeout(timer);
    void tick();
  };
  page.addEventListener('visibilitychange', turn);
  if (stream) stream.onWake = turn;
  void tick();
  return () => {
    stopped = true;
    clearTimeout(timer);
    page.removeEventListener('visibilitychange', turn);
  };
}
