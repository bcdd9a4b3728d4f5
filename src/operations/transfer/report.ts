import type { OperatorAnswer } from '../operator-bus';

/** What an import came to. Every line of the file is in exactly one of the counts. */
export interface ImportSummary {
  /** Lines that changed something. */
  readonly written: number;
  /** Lines whose content was there already. */
  readonly unchanged: number;
  /** Lines that were refused; each was reported with its number and reason. */
  readonly refused: number;
}

export interface ImportEvents {
  /** A line was not taken; the others go on. */
  readonly onFault: (line: number, reason: string) => void;
  /** Bytes of the file that are done, of all. */
  readonly onProgress: (done: number) => void;
}

/** Counts lines and reports those that are refused. */
export class Tally {
  private counts = { written: 0, unchanged: 0, refused: 0 };

  constructor(private readonly events: ImportEvents) {}

  fault(line: number, reason: string): void {
    this.counts.refused += 1;
    this.events.onFault(line, reason);
  }

  /** A line with its answers: refused when any is. */
  answered(line: number, answers: readonly OperatorAnswer[]): void {
    const reasons = answers.flatMap(reasonsOf);
    if (reasons.length > 0) this.fault(line, reasons.join(' '));
    else if (answers.some((answer) => answer.accepted && answer.written > 0)) this.counts.written += 1;
    else this.counts.unchanged += 1;
  }

  summary(): ImportSummary {
    return { ...this.counts };
  }
}

/** Why an answer is a refusal, in words, with what it is about. */
export function reasonsOf(answer: OperatorAnswer): string[] {
  if (answer.accepted) return [];
  if ('error' in answer) return [`${answer.error.code}: ${answer.error.message}`];
  return answer.refusals.map(({ code, message, ids = [], permissions = [] }) => {
    const about = [...permissions, ...ids].slice(0, 10).join(', ');
    return `${code}: ${message}${about ? ` (${about})` : ''}`;
  });
}
