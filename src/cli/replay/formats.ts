import { csvLine } from '../../operations/transfer/csv-line';
import type { ReplayStep } from '../../operations/audit/replay/step';
import type { WriteLine } from '../out';
import type { LogPositions } from '../positions';
import { wordsOf } from './step-words';
import type { Subject } from './subjects';
import { StepTable, type TableLook } from './table';

export const FORMATS = ['table', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Writes steps in one format, each as it comes. */
export interface StepWriter<State> {
  readonly step: (step: ReplayStep<State>) => Promise<void>;
  readonly end: () => Promise<void>;
}

interface Means {
  readonly write: WriteLine;
  readonly positions: LogPositions;
  readonly look: TableLook;
}

export function stepWriter<State>(
  format: Format,
  subject: Subject<State>,
  { write, positions, look }: Means,
): StepWriter<State> {
  if (format === 'table') return asTable(new StepTable(subject, look), write);
  if (format === 'csv') return asCsv(subject, { write, positions });
  return {
    step: async (step) => write(JSON.stringify(await asJson(step, subject, positions))),
    end: async () => undefined,
  };
}

function asTable<State>(table: StepTable<State>, write: WriteLine): StepWriter<State> {
  return {
    step: async (step) => {
      table.add(step);
      if (table.isFull) await write(table.take());
    },
    end: async () => {
      if (!table.isEmpty) await write(table.take());
    },
  };
}

const CSV_COLUMNS = [
  ...['position', 'event', 'type', 'recordedAt', 'actorType', 'actorId', 'actorHost'],
  ...['change', 'reason', 'void'],
] as const;

function asCsv<State>(
  { facts }: Subject<State>,
  { write, positions }: Omit<Means, 'look'>,
): StepWriter<State> {
  let begun = false;
  return {
    step: async ({ event, change, after, voided }) => {
      const now = facts(after);
      if (!begun) await write(csvLine([...CSV_COLUMNS, ...Object.keys(now)]));
      begun = true;
      const { recordedAt, actorType, actorId, actorHost, reason } = wordsOf(event);
      const position = await positions.ofEvent(event);
      const values = [position, event.id, event.type, recordedAt, actorType, actorId, actorHost];
      const isVoid = voided ? 'true' : 'false';
      await write(csvLine([...values, change, reason, isVoid, ...Object.values(now).map(String)]));
    },
    end: async () => undefined,
  };
}

async function asJson<State>(
  { event, change, before, after, voided }: ReplayStep<State>,
  { asJson: state }: Subject<State>,
  positions: LogPositions,
): Promise<object> {
  const { id, type, stream, revision, data, metadata } = event;
  return {
    event: { id, type, stream, revision, position: await positions.ofEvent(event), data, metadata },
    change,
    ...(voided ? { voided: await positions.voidAsJson(voided) } : {}),
    before: state(before),
    after: state(after),
  };
}
