import { parse } from 'csv-parse/sync';
import type { Command } from '../../commands/command';
import { isId } from '../../domain/vocabulary';
import { operatorContext } from '../open-account';
import { AT_ONCE, type OperatorAnswer, type OperatorBus, type OperatorItem } from '../operator-bus';
import { userIdFor } from '../user-ids';
import { readLines } from './lines';
import { Pipeline } from './pipeline';
import { ImportFormatError, Tally, type ImportEvents, type ImportSummary, type ImportTarget } from './report';

/** One is decided while the other is on its way to the disk; more would take turns from the queries of a server. */
const BATCHES_AT_ONCE = 2;

/**
 * Imports users from CSV with a header: `username,name` and optionally `id`, one record a line. Sending the same file
 * again, or going on after a death, changes nothing twice.
 *
 * A registration rests on nothing that other lines wrote, so the lines go ahead of the tables, which are waited for once,
 * at the end.
 * @throws ImportFormatError when the header is missing or has other columns
 * @throws ImportStopped
 */
export async function importUsers(
  { bus, readModels, account }: ImportTarget,
  file: string,
  events: ImportEvents,
): Promise<ImportSummary> {
  const tally = new Tally(events);
  const context = operatorContext(account);
  const batches = new Pipeline(BATCHES_AT_ONCE);
  let batch: Entry[] = [];
  let columns: readonly string[] | null = null;
  let read = 0;

  const flush = async (): Promise<void> => {
    const [sent, bytes] = [batch, read];
    batch = [];
    await batches.begin(async () => {
      await send(bus, sent, tally);
      events.onProgress(bytes);
    });
  };

  for await (const { number, content, bytesRead } of readLines(file)) {
    if (columns === null) {
      columns = header(content);
    } else if ('fault' in content) {
      tally.fault(number, content.fault);
    } else if (content.text.trim() !== '') {
      const parsed = userOf(content.text, columns);
      if ('fault' in parsed) tally.fault(number, parsed.fault);
      else batch.push({ line: number, item: { command: commandOf(parsed), context } });
    }
    read = bytesRead;
    if (batch.length >= AT_ONCE) await flush();
  }
  if (columns === null) throw new ImportFormatError('The file is empty; it needs the header username,name.');
  await flush();
  await batches.end();
  await tally.untilRead(readModels);
  return tally.summary();
}

interface Entry {
  readonly line: number;
  readonly item: OperatorItem;
}

async function send(bus: OperatorBus, sent: readonly Entry[], tally: Tally): Promise<void> {
  const answers = await bus.executeAll(
    sent.map(({ item }) => item),
    { ahead: true },
  );
  sent.forEach(({ line, item }, index) => tally.answered(line, [inWords(answers[index], item)]));
}

/** A refusal that a file's reader cannot place, said in the file's own words. */
function inWords(answer: OperatorAnswer | undefined, { command }: OperatorItem): OperatorAnswer {
  if (!answer) throw new Error('An answer is missing.');
  if (answer.accepted || 'error' in answer || command.type !== 'registerUser') return answer;
  const refusals = answer.refusals.map((each) =>
    each.code === 'INVALID_INPUT' && each.field?.[0] === 'id'
      ? {
          ...each,
          message: `The user ${command.username} is there already, with another name or under another username.`,
        }
      : each,
  );
  return { ...answer, refusals };
}

interface UserLine {
  readonly username: string;
  readonly name: string;
  readonly id: string;
}

function header(content: { text: string } | { fault: string }): readonly string[] {
  const names = 'text' in content ? fieldsOf(content.text) : { fault: content.fault };
  const columns = 'fields' in names ? names.fields.map((name) => name.trim().toLowerCase()) : [];
  const known = columns.every((name) => ['username', 'name', 'id'].includes(name));
  if (
    !known ||
    !columns.includes('username') ||
    !columns.includes('name') ||
    new Set(columns).size !== columns.length
  ) {
    throw new ImportFormatError('The first line must name the columns: username,name and optionally id.');
  }
  return columns;
}

function userOf(text: string, columns: readonly string[]): UserLine | { readonly fault: string } {
  const record = fieldsOf(text);
  if ('fault' in record) return record;
  if (record.fields.length !== columns.length) {
    return { fault: `has ${record.fields.length} fields, the header has ${columns.length}` };
  }
  const value = (name: string): string => (record.fields[columns.indexOf(name)] ?? '').trim();
  const id = columns.includes('id') ? value('id') : '';
  if (id !== '' && !isId(id)) return { fault: 'has an id that is not 1 to 64 of A-Z a-z 0-9 _ -' };
  return { username: value('username'), name: value('name'), id };
}

/** One record of CSV (RFC 4180). A record does not go over the end of a line: an open quote is a fault of its line. */
function fieldsOf(text: string): { readonly fields: readonly string[] } | { readonly fault: string } {
  if (!text.includes('"')) return { fields: text.split(',') };
  try {
    const records = parse(text, { relax_column_count: true }) as string[][];
    return { fields: records[0] ?? [] };
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    return {
      fault: code === 'CSV_QUOTE_NOT_CLOSED' ? 'leaves a quote open' : 'is not CSV: a quote is out of place',
    };
  }
}

const commandOf = ({ username, name, id }: UserLine): Command => ({
  type: 'registerUser',
  user: id || userIdFor(username),
  username,
  name: name || username,
});
