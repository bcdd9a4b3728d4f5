import { accessSync, constants, statSync } from 'node:fs';
import type { Command } from 'commander';
import { exportRoles, exportUsers } from '../../operations/transfer/export';
import { importRoles } from '../../operations/transfer/import-roles';
import { importUsers } from '../../operations/transfer/import-users';
import {
  ImportFormatError,
  ImportStoppedError,
  type ImportEvents,
  type ImportSummary,
} from '../../operations/transfer/report';
import type { OperatorTarget } from '../../operations/register-user';
import { demandAccountIn, withOperator, withReadModels } from '../connections';
import { addTables } from '../export/tables';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { CliError, line, message, printTable } from '../output';
import { progress } from '../progress';
import { parseAccount } from '../values';
import { fileFault } from '../../shared/file-fault';

type Import = (target: OperatorTarget, file: string, events: ImportEvents) => Promise<ImportSummary>;

/** `rolebook import users|roles` and `rolebook export users|roles|tables`. */
export function addTransfer(program: Command): void {
  const imports = program
    .command('import')
    .description('bring in users (CSV) or roles (NDJSON); the same file twice changes nothing');
  addImport(
    imports,
    'users',
    'CSV with the header username,name and optionally id,status,externalId,kind,issuer,subject',
    importUsers,
  );
  addImport(imports, 'roles', 'NDJSON, one role a line', importRoles);
  const exports = program
    .command('export')
    .description('print users (CSV) or roles (NDJSON) in the form that import reads; write whole tables');
  addTables(exports);
  for (const what of ['users', 'roles'] as const) {
    exports
      .command(what)
      .option('--account <id>', 'the account', parseAccount, 'demo')
      .action(({ account }: { account: string }) =>
        withReadModels(async (readModels) => {
          demandAccountIn(readModels, account);
          // On one terminal with the data a bar would be torn by each line.
          const shown = process.stdout.isTTY ? null : progress(`Exporting ${what}`);
          const view = readModels.view(account);
          const total = await (what === 'users' ? view.countUsers({}) : view.countRoles({}));
          let count = 0;
          for await (const text of what === 'users'
            ? exportUsers(readModels, account)
            : exportRoles(readModels, account)) {
            await line(text);
            shown?.update(count, total);
            count += 1;
          }
          shown?.finish();
        }),
      );
  }
}

interface ImportOptions extends RecordOptions {
  readonly account: string;
  readonly json?: boolean;
}

function addImport(parent: Command, what: string, form: string, run: Import): void {
  onRecord(
    parent
      .command(what)
      .description(form)
      .argument('<file>')
      .requiredOption('--account <id>', 'the account', parseAccount)
      .option('--json', 'print the summary as JSON'),
  ).action(async (file: string, { account, json = false, ...record }: ImportOptions) => {
    const bytes = sizeOf(file);
    await withOperator(async ({ bus, readModels }) => {
      demandAccountIn(readModels, account);
      const writing = progress(`Importing ${what}, bytes`);
      const reading = progress('Filling the read models, positions of the log');
      const events: ImportEvents = {
        onFault: (number, reason) => message(`line ${number}: ${reason}`),
        onNote: message,
        onProgress: (done) => writing.update(done, bytes),
        onReading: (done, total) => {
          writing.finish();
          reading.update(done, total);
        },
        onStuck: () =>
          message('All is written, but the read models do not show it yet: see the server’s log.'),
      };
      const target = { bus, readModels, account, record: recordOf(record) };
      const { written, unchanged, refused } = await run(target, file, events).catch(asFailure);
      writing.finish();
      reading.finish();
      printTable(['written', 'unchanged', 'refused'], [[written, unchanged, refused]], json);
      if (refused > 0) process.exitCode = 1;
    });
  });
}

/** Checks before anything is opened or written. A pipe has no size, and is read as well. */
function sizeOf(file: string): number {
  try {
    accessSync(file, constants.R_OK);
    const found = statSync(file);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return found.size;
  } catch (error) {
    throw new CliError(`The file ${file} ${fileFault(error)}.`);
  }
}

function asFailure(error: unknown): never {
  if (error instanceof ImportFormatError) throw new CliError(error.message);
  if (error instanceof ImportStoppedError)
    throw new CliError(`Stopped at ${error.message}\nThe same file again goes on where this one stopped.`);
  throw error;
}
