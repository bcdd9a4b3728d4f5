import Table from 'cli-table3';
import { styleText } from 'node:util';
import type { ReplayStep } from '../../operations/audit/replay/step';
import { broken, PADDING, WIDTH } from '../table';
import { wordsOf } from './step-words';
import type { Facts, Subject } from './subjects';

/** Steps printed as one table: a longer replay comes as several, each with its head, and is never held in memory. */
export const ROWS = 200;
const RECORDED = 12;
const BY = 15;
const LEAST_CHANGE = 20;

export interface TableLook {
  /** Columns of the terminal; never fewer than 80 are used. */
  readonly width?: number;
  /** Emphasises what changed; the arrow between two values is there without it too. */
  readonly bold: boolean;
}

/** Rows of steps, rendered at a width: what changed stands as `3 → 4`, and reasons below their changes. */
export class StepTable<State> {
  #rows: string[][] = [];
  readonly #widths: readonly number[];
  readonly #head: readonly string[];

  constructor(
    private readonly subject: Subject<State>,
    private readonly look: TableLook,
  ) {
    const facts = subject.inTable.map((name) => Math.max(name.length, 'INACTIVE'.length) + PADDING);
    const borders = subject.inTable.length + 4;
    const others = RECORDED + BY + facts.reduce((sum, width) => sum + width, 0) + borders;
    const change = Math.max(LEAST_CHANGE, Math.max(WIDTH, look.width ?? WIDTH) - others);
    this.#widths = [RECORDED, BY, change, ...facts];
    this.#head = ['recorded', 'by', 'change', ...subject.inTable];
  }

  get isFull(): boolean {
    return this.#rows.length >= ROWS;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  add({ event, change, before, after }: ReplayStep<State>): void {
    const { recordedAt, actorType, actorId, actorHost, reason } = wordsOf(event);
    const by = `${actorType} ${actorId}`.trim() + (actorHost && ` on ${actorHost}`);
    const what = reason === '' ? change : `${change}\n“${reason}”`;
    const [then, now] = [this.subject.facts(before), this.subject.facts(after)];
    // `2026-11-20T10:15:02.123Z`: the date above the time.
    const cells = [recordedAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z'), by, what];
    const texts = [...cells, ...this.subject.inTable.map((name) => inCell(then, now, name))];
    this.#rows.push(
      texts.map((text, index) => {
        const whole = broken(text, this.#widths[index]! - PADDING);
        return this.look.bold && isChange(text, index) ? styleText('bold', whole) : whole;
      }),
    );
  }

  /** The table of the rows so far, which are forgotten. */
  take(): string {
    const table = new Table({
      head: [...this.#head],
      colWidths: [...this.#widths],
      wordWrap: true,
      style: { head: [], border: [] },
    });
    table.push(...this.#rows);
    this.#rows = [];
    return table.toString();
  }
}

const ARROW = ' → ';
const FIRST_FACT = 3;
const isChange = (text: string, column: number): boolean => column >= FIRST_FACT && text.includes(ARROW);

const inCell = (before: Facts, after: Facts, name: string): string =>
  before[name] === after[name] ? String(after[name]) : `${before[name]}${ARROW}${after[name]}`;
