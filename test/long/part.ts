import type { Random } from './random';

/** A part of the long tests: what it looks at, at any scale, and what it says about it. */

export interface PartContext {
  /** 1: the full counts. */
  readonly scale: number;
  readonly seed: number;
  readonly random: Random;
  /** It goes on for at least so long, however many requests that makes; 0: as long as its counts need. */
  readonly minutes: number;
  /** One line about where it is. */
  readonly say: (text: string) => void;
}

/** Something that must hold, and how it stands. */
export interface Check {
  readonly what: string;
  /** Null: it cannot be judged at this scale, and counts as skipped. */
  readonly holds: boolean | null;
  /** The figures behind it, or what was found. */
  readonly found: string;
}

export interface PartReport {
  readonly checks: readonly Check[];
  /** Figures for the record. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sum of tests that were run as they are. */
  readonly sum?: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

export type Part = (context: PartContext) => Promise<PartReport>;
