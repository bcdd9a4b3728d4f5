import type { CommandErrorCode } from '../../commands/command';
import type { Position } from '../../event-store/port/event-store';
import type { ReadModels } from '../../../projections/view';
import { lastWritten, type OperatorAnswer } from '../../operator/operator-bus';
import { untilRead } from './until-read';

/** The file as a whole is invalid; it was not read further. */
export class ImportFormatError extends Error {
  override readonly name = 'ImportFormatError';
}

/** No command can be decided any more, so that every line would be refused; the same file again resumes. */
export class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError';
}

/** Result of an import. Every line of the file is in exactly one of the counts. */
export interface ImportSummary {
  /** Lines that changed something. */
  readonly written: number;
  /** Lines whose content existed already. */
  readonly unchanged: number;
  /** Lines that were refused; each was reported with its number and reason. */
  readonly refused: number;
}

export interface ImportEvents {
  /** Called for a line that was refused; the others continue. */
  readonly onFault: (line: number, reason: string) => void;
  /** Called with a note on the file as a whole that its owner may not expect. */
  readonly onNote?: (text: string) => void;
  /** Called with the bytes of the file that are done, of all. */
  readonly onProgress: (done: number) => void;
  /** Called when all is written, with the progress of the read models. */
  readonly onReading?: (done: number, total: number) => void;
  /** Called if the read models stopped before they held all of it. */
  readonly onStuck?: () => void;
}

/** Errors that the next line would have too. */
const HOPELESS: ReadonlySet<string> = new Set<CommandErrorCode>([
  'STALE_REPLICA',
  'LOG_UNAVAILABLE',
  'LOG_POISONED',
  'LOG_NEWER',
  'KEY_BOOK_CORRUPT',
  'KEY_BOOK_UNUSABLE',
  'CLOCK_SKEW',
]);

/** Counts lines and reports refused ones. */
export class Tally {
  private counts = { written: 0, unchanged: 0, refused: 0 };
  /** Position of the last event written. */
  private last: Position | null = null;

  constructor(private readonly events: ImportEvents) {}

  fault(line: number, reason: string): void {
    this.counts.refused += 1;
    this.events.onFault(line, reason);
  }

  /**
   * Counts a line by its answers: refused if any is. `note`: text that is added to the reasons.
   * @throws ImportStoppedError
   */
  answered(line: number, answers: readonly OperatorAnswer[], note = ''): void {
    for (const answer of answers) {
      if ('error' in answer && HOPELESS.has(answer.error.code))
        throw new ImportStoppedError(`line ${line}: ${answer.error.code}: ${answer.error.message}`);
    }
    const written = lastWritten(answers);
    if (written !== null && (this.last === null || written > this.last)) this.last = written;
    const reasons = answers.flatMap(reasonsOf);
    if (reasons.length > 0) this.fault(line, `${reasons.join(' ')}${note}`);
    else if (answers.some((answer) => answer.accepted && answer.written > 0)) this.counts.written += 1;
    else this.counts.unchanged += 1;
  }

  /** Waits until the read models hold all written events. */
  async untilRead(readModels: ReadModels): Promise<void> {
    const { onReading = () => undefined, onStuck } = this.events;
    if (this.last !== null && !(await untilRead(readModels, this.last, onReading))) onStuck?.();
  }

  summary(): ImportSummary {
    return { ...this.counts };
  }
}

/** Reasons of a refusal, in words, with the permissions and ids concerned. */
export function reasonsOf(answer: OperatorAnswer): string[] {
  if (answer.accepted) return [];
  if ('error' in answer) return [`${answer.error.code}: ${answer.error.message}`];
  return answer.refusals.map(({ code, message, ids = [], permissions = [] }) => {
    const about = [...permissions, ...ids].slice(0, 10).join(', ');
    return `${code}: ${message}${about ? ` (${about})` : ''}`;
  });
}
