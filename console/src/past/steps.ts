import type { StepFragment } from '../generated/graphql';

/** A moment at which something changed: what was recorded at one time takes effect as one. */
export interface Step {
  readonly at: string;
  readonly summaries: readonly string[];
}

/** Moments of change around the one that is shown, oldest first. */
export interface Steps {
  readonly all: readonly Step[];
  /** Time of the last change that what is shown has; undefined where it has none. */
  readonly shown?: string;
  readonly earlier?: string;
  readonly later?: string;
}

/** A moment so many milliseconds later. */
export const shifted = (moment: string, by: number): string =>
  new Date(new Date(moment).getTime() + by).toISOString();

/** Moments of change, from entries that are newest first. */
export function stepsOf(entries: readonly StepFragment[], moment: string): Steps {
  const byTime = new Map<string, string[]>();
  for (const { at, summary } of [...entries].reverse()) byTime.set(at, [...(byTime.get(at) ?? []), summary]);
  const all = [...byTime].map(([at, summaries]) => ({ at, summaries }));
  const times = all.map(({ at }) => at);
  return {
    all,
    shown: times.findLast((at) => at <= moment),
    earlier: times.findLast((at) => at < moment),
    later: times.find((at) => at > moment),
  };
}
