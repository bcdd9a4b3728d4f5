/** One line of the bench: what was measured, against what, what is wanted of it, and whether that held. */

export type Unit = '/s' | 'µs' | 'ms' | 's' | 'MB' | 'rows' | 'ways';

export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
}

/**
 * Bound on the ratio of a figure to its yardstick, on the figure itself, or on the interval of a difference: that holds
 * where 0 is in the interval, and where the whole interval is no further from 0 than `atMost`.
 */
export interface Wanted {
  readonly of: 'ratio' | 'value' | 'interval';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Interval = readonly [least: number, most: number];

export interface Figure extends Measure {
  readonly group: string;
  /** A yardstick of this machine, taken in the same run, or the same thing at a small size. */
  readonly against?: Measure;
  readonly wanted?: Wanted;
  /** Interval that the value lies in by 95 %, where it is an estimate. */
  readonly interval?: Interval;
}

/** Ratio of the figure to its yardstick; null without one. */
export function ratioOf({ value, against }: Figure): number | null {
  return against && against.value > 0 ? value / against.value : null;
}

/** True if the bound held, null without one. A figure that could not be taken holds no bound. */
export function held(figure: Figure): boolean | null {
  const { wanted, value } = figure;
  if (!wanted) return null;
  if (wanted.of === 'interval') return isNoDifference(figure.interval, wanted.atMost ?? 0);
  const measured = wanted.of === 'ratio' ? ratioOf(figure) : value;
  if (measured === null || !Number.isFinite(measured)) return false;
  return measured >= (wanted.atLeast ?? -Infinity) && measured <= (wanted.atMost ?? Infinity);
}

function isNoDifference(interval: Interval | undefined, within: number): boolean {
  if (!interval?.every(Number.isFinite)) return false;
  const [least, most] = interval;
  return (least <= 0 && most >= 0) || (least >= -within && most <= within);
}
