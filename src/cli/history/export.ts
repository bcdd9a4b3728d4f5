import { Option, type Command } from 'commander';
import type { Ordinal, ReadModels } from '../../../projections/view';
import { exportHistory, ordinalNamed } from '../../operations/audit/history';
import { PositionCodec, PositionError } from '../../shared/position-codec';
import { withReadModels } from '../connections';
import { demandAccount, withLog } from '../log';
import { CliError, line } from '../output';
import type { WriteLine } from '../out';
import { progress } from '../progress';
import { parseAccount, parseTime } from '../values';
import { FORMATS, LINES, type Format } from './formats';
import { withResumable } from './resumable';

interface Options {
  readonly account: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly after?: string;
  readonly format: Format;
  readonly out?: string;
  readonly resume?: true;
}

const MOMENT = 'a date (its start in UTC), or a time with a zone';

/** `rolebook export history`: every entry of an account’s history, oldest first. */
export function addExportHistory(exports: Command): void {
  exports
    .command('history')
    .description('print the history of an account, oldest first: who changed what, when and why')
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .option('--since <time>', `leave out what came before this moment: ${MOMENT}`, parseTime)
    .option('--until <time>', `leave out what came after this moment: ${MOMENT}`, parseTime)
    .option(
      '--after <position>',
      'go on behind the event of this position, as each line gives it, or of this id',
    )
    .addOption(
      new Option('--format <format>', 'one JSON object a line, or CSV').choices(FORMATS).default('ndjson'),
    )
    .option(
      '--out <file>',
      'a new file to write to, instead of the standard output; until it is whole it is FILE.part',
    )
    .option('--resume', 'go on with the FILE.part of a run that was killed, given the same options')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { account, format, out, resume = false } = options;
  if (resume && out === undefined) throw new CliError('--resume goes on with a file: name it by --out.');
  const codec = await withLog(async (store) => {
    await demandAccount(store, account);
    return new PositionCodec({ identity: await store.identity(), line: await store.line() });
  });
  await withReadModels(async (tables) => {
    const print = async (write: WriteLine, begun: string | null): Promise<void> => {
      const { head } = LINES[format];
      if (head !== null && begun === null) await write(head);
      await printEntries(tables, { ...options, codec, after: begun ?? options.after }, write);
    };
    if (out === undefined) return print(line, null);
    return withResumable(out, { form: LINES[format], resume }, print);
  });
}

interface Printing extends Options {
  readonly codec: PositionCodec;
}

async function printEntries(
  tables: ReadModels,
  { account, since, until, after, format, codec, out }: Printing,
  write: WriteLine,
): Promise<void> {
  const { line: lineOf } = LINES[format];
  const view = tables.view(account);
  const behind = after === undefined ? null : ordinalOf(tables, { codec, account }, after);
  // On one terminal with the data a bar would be torn by each line.
  const shown = out === undefined && process.stdout.isTTY ? null : progress('Exporting history');
  let count = 0;
  for await (const entries of exportHistory(view, { since, until, after: behind })) {
    for (const entry of entries)
      await write(
        lineOf(entry, ({ ordinal, position, at }) =>
          codec.encode({ ordinal, position, time: at.getTime() }, account),
        ),
      );
    count += entries.length;
    shown?.update(count, null);
  }
  shown?.finish();
}

function ordinalOf(
  tables: ReadModels,
  { codec, account }: { readonly codec: PositionCodec; readonly account: string },
  text: string,
): Ordinal {
  try {
    return ordinalNamed(tables, codec.decode(text, account), account);
  } catch (error) {
    if (error instanceof PositionError) throw new CliError(`${error.code}: ${error.message}`);
    throw error;
  }
}
