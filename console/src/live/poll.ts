/** Milliseconds between two questions while all is well: with the reading that follows, a change shows within two seconds. */
const PAUSE = 1_000;

/** Longest pause after faults; each fault doubles the one before. */
const LONGEST_PAUSE = 30_000;

/** The page whose visibility decides whether anybody would see an answer. */
export interface Page {
  readonly visibilityState: string;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

export interface Poll {
  /** Asks how far the log is. */
  readonly ask: () => Promise<string>;
  readonly onPosition: (position: string) => void;
  /** Told of each question without an answer, with how many in a row there were. */
  readonly onFault: (inARow: number) => void;
  readonly page: Page;
}

/** Asks again and again, one question at a time and none while the page is hidden. @returns the way to stop */
export function startPoll({ ask, onPosition, onFault, page }: Poll): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let stopped = false;
  let faults = 0;
  const tick = async (): Promise<void> => {
    timer = undefined;
    if (asking || stopped || page.visibilityState === 'hidden') return;
    asking = true;
    const position = await ask().catch(() => null);
    asking = false;
    if (stopped) return;
    faults = position === null ? faults + 1 : 0;
    timer = setTimeout(() => void tick(), Math.min(PAUSE * 2 ** faults, LONGEST_PAUSE));
    if (position === null) onFault(faults);
    else onPosition(position);
  };
  const turn = (): void => {
    clearTimeout(timer);
    void tick();
  };
  page.addEventListener('visibilitychange', turn);
  void tick();
  return () => {
    stopped = true;
    clearTimeout(timer);
    page.removeEventListener('visibilitychange', turn);
  };
}
