import { Option, type Command } from 'commander';
import { openReadOnly } from '../../../projections';
import { EXPORTED_TABLES, type ExportedTable } from '../../../projections/interval-rows';
import { loadConfig } from '../../config/config';
import { exportTables } from '../../operations/tables/export-tables';
import { FILE_FORMATS, TablesExportError, type FileFormat } from '../../operations/tables/manifest';
import { demandAccountIn, withReadModels } from '../connections';
import { withLog } from '../log';
import { asWriteFault } from '../out';
import { CliError, printTable } from '../output';
import { withPositions } from '../positions';
import { stepProgress } from '../progress';
import { parseAccount, parseTime, plainId } from '../values';

interface TablesOptions {
  readonly account: string;
  readonly out: string;
  readonly format: FileFormat;
  readonly tables: readonly ExportedTable[];
  readonly since?: Date;
  readonly until?: Date;
  readonly role?: string;
  readonly user?: string;
}

const TABLES = Object.keys(EXPORTED_TABLES) as ExportedTable[];

/** Adds `rolebook export tables`. */
export const addTables = (exports: Command): void =>
  void exports
    .command('tables')
    .description(
      'write memberships, grants, roles, users, features and the catalogue’s permissions as facts with the moments between which they held, and sizes by day; the same command again goes on where one was ended',
    )
    .option('--account <id>', 'the account', parseAccount, 'demo')
    .requiredOption('--out <folder>', 'a folder for one file a table, and export.json that tells of them')
    .addOption(new Option('--format <format>', 'form of the files').choices(FILE_FORMATS).default('csv'))
    .addOption(new Option('--tables <names...>', 'only these').choices(TABLES).default(TABLES, 'all'))
    .option('--since <time>', 'leave out what ended by this moment', parseTime)
    .option('--until <time>', 'as of this moment; left out: now', parseTime)
    .option('--role <id>', 'only what is about this role; tables without roles are whole')
    .option('--user <id>', 'only what is about this user; tables without users are whole')
    .action(run);

async function run({ account, out, format, tables, since, until, role, user }: TablesOptions): Promise<void> {
  // Brings the tables up to date where no server does.
  await withReadModels(async (readModels) => demandAccountIn(readModels, account));
  const { dataDirectory: directory } = loadConfig();
  await withLog((store) =>
    withPositions(store, { directory, account }, async (positions) => {
      const readModels = openReadOnly(directory);
      const shown = stepProgress();
      try {
        const manifest = await exportTables(
          {
            readModels,
            encode: (place) => positions.encode(place),
            find: (position) => positions.find(position),
          },
          out,
          {
            ...{ account, files: format, tables: TABLES.filter((table) => tables.includes(table)) },
            ...{ since: since ?? null, until: until ?? null },
            role: role === undefined ? null : plainId('Role', role),
            user: user === undefined ? null : plainId('User', user),
          },
          {
            onRows: (table, rows) => shown.update(`Exporting ${table}, rows`, rows, null),
          },
        ).catch((error: unknown) => {
          throw error instanceof TablesExportError ? new CliError(error.message) : asWriteFault(out, error);
        });
        shown.finish();
        printTable(
          ['table', 'rows', 'file'],
          manifest.tables.map(({ table, rows, file }) => [table, rows, file]),
          false,
        );
      } finally {
        shown.finish();
        readModels.close();
      }
    }),
  );
}
