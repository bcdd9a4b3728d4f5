import { operatorContext } from '../../operator/operator';
import { AT_ONCE } from '../../operator/operator-bus';
import { registration, type OperatorTarget, type Registered } from '../register-user';
import { readCsv, type CsvRecord } from './csv-records';
import { Pipeline } from './pipeline';
import { ImportFormatError, Tally, type ImportEvents, type ImportSummary } from './report';
import { registerAll, type Asked } from './register-all';
import { IdentityLinker } from './link-identities';
import { ExternalIdSetter } from './set-external-ids';
import { StatusSetter } from './set-status';
import { columnsOf, ignoredNote, userOf, type Columns, type UserLine } from './user-line';

/** Batches in flight: one is decided while the other is written to disk; more would slow the queries of a server. */
const BATCHES_AT_ONCE = 2;

interface Entry {
  readonly record: CsvRecord;
  readonly user: UserLine;
}

/**
 * Imports users from CSV with a header: `username,name` and optionally `id`, `status`, `externalId`, `kind`, and `issuer`
 * and `subject` of an identity; further columns are not read. A user with several identities has a line for each.
 * Every record is imported or reported with its line. Sending the same file again, or resuming after a crash, changes
 * nothing twice.
 *
 * A registration depends on no events of other lines, so registrations run ahead of the tables, which are awaited once,
 * at the end. Statuses, and external ids of users who are there already, are set in the file's order: the last line on a
 * user wins.
 * @throws ImportFormatError when the header is missing or lacks a column
 * @throws ImportStoppedError
 */
export async function importUsers(
  target: OperatorTarget,
  file: string,
  events: ImportEvents,
): Promise<ImportSummary> {
  const tally = new Tally(events);
  const batches = new Pipeline(BATCHES_AT_ONCE);
  const externalIds = new ExternalIdSetter(target);
  const identityLinker = new IdentityLinker(target);
  const statuses = new StatusSetter(target);
  let columns: Columns | null = null;
  let batch: Entry[] = [];
  let read = 0;
  let before = Promise.resolve();

  const flush = async (): Promise<void> => {
    const [entries, bytes] = [batch, read];
    batch = [];
    await batches.begin(() => (before = bring(entries, bytes, before)));
  };
  /** `earlier`: resolves when the batch before is written, with its statuses. */
  const bring = async (entries: readonly Entry[], bytes: number, earlier: Promise<void>): Promise<void> => {
    const registered = await registerAll(
      target,
      entries.map(({ user }) => asked(target, user)),
    );
    await earlier;
    await setAll(entries, registered);
    events.onProgress(bytes);
  };
  const setAll = async (entries: readonly Entry[], registered: readonly Registered[]): Promise<void> => {
    const wanted = entries.map(({ user }) => user.externalId);
    const identified = await externalIds.set(registered, wanted);
    const identities = entries.map(({ user }) => user.identity);
    const linked = await identityLinker.link(registered, identities);
    const set = await statuses.of(registered.map(({ answer }) => answer));
    for (const [index, { record, user }] of entries.entries()) {
      const { answer } = registered[index]!;
      const further = answer.accepted && user.status !== null ? await set(answer.owner.id, user.status) : [];
      tally.answered(
        record.number,
        [answer, ...identified[index]!, ...linked[index]!, ...further],
        whereTo(record),
      );
    }
  };

  for await (const record of readCsv(file)) {
    if (columns === null) {
      columns = columnsOf(record);
      const note = ignoredNote(columns);
      if (note !== null) events.onNote?.(note);
      continue;
    }
    const user = 'fault' in record.content ? record.content : userOf(record.content.fields, columns);
    if ('fault' in user) tally.fault(record.number, `${user.fault}${whereTo(record)}`);
    else batch.push({ record, user });
    read = record.bytesRead;
    if (batch.length >= AT_ONCE) await flush();
  }
  if (columns === null) throw new ImportFormatError('The file is empty; it needs the header username,name.');
  await flush();
  await batches.end();
  await tally.untilRead(target.readModels);
  return tally.summary();
}

function asked({ account, record }: OperatorTarget, { id, status: _set, ...user }: UserLine): Asked {
  const { generation: _made, ...command } = registration(user);
  return {
    command: id === null ? registration(user) : { ...command, user: id },
    context: operatorContext(account, record),
  };
}

/** A record of several lines may hold text that was meant as records of their own. */
const whereTo = ({ number, lastLine }: CsvRecord): string =>
  lastLine === number ? '' : ` (a quoted field goes on to line ${lastLine})`;
