import type { HistoryNumber } from '../shared/position-codec';
import { idOf } from './global-id';

/** Numbers of entries of history as one account sees them. */
export interface HistoryNumbers {
  /** Null in a log that shows them in clear. */
  seal(number: HistoryNumber): string | null;
  /** Null for any text but a sealed number. */
  open(text: string): HistoryNumber | null;
}

/** Number of the entry of history that a global id names, sealed or, as release 0.1.0 gave it, in clear; else null. */
export function entryNumber(text: string, numbers: HistoryNumbers): HistoryNumber | null {
  const id = idOf('HistoryEntry', text);
  return id === null ? null : numberOfEntry(id, numbers);
}

/** The same from the part of the global id behind the type. */
export function numberOfEntry(id: string, numbers: HistoryNumbers): HistoryNumber | null {
  if (areSealed(numbers)) return numbers.open(id);
  const [ordinal = Number.NaN, part = 0] = id.split('.').map(Number);
  return Number.isSafeInteger(ordinal) ? { ordinal, part } : null;
}

/** True in every log but those that release 0.1.0 made: numbers in clear would tell how much other accounts write. */
export const areSealed = (numbers: HistoryNumbers): boolean => numbers.seal(FIRST) !== null;

const FIRST: HistoryNumber = { ordinal: 1, part: 0 };
