import { Option, type Command } from 'commander';
import { v4 } from 'uuid';
import { readCatalogue } from '../../operations/publication/catalogue-log';
import { decidePublication, leftAlone, reusedVersion } from '../../operations/publication/decide';
import { diffSummary } from '../../operations/publication/diff-summary';
import { operatorMetadata } from '../../operations/publication/metadata';
import { publishCatalogue } from '../../operations/publication/publish';
import { readCatalogueFile } from '../../app/compose';
import { FORMAT_1, operatorsReason } from '../../app/sealing';
import { loadConfig } from '../../config/config';
import { withLog } from '../log';
import { onRecord, recordOf, type RecordOptions } from '../on-record';
import { CliError, message, printTable } from '../output';
import { FORMATS } from '../preview/formats';
import { previewPublication } from '../preview/publication';
import { progress } from '../progress';
import { parseAccount, parseWhole } from '../values';
import { counted } from '../../domain/text';

/** `rolebook catalogue diff|preview|publish`. */
export function addCatalogue(program: Command): void {
  const catalogue = program
    .command('catalogue')
    .description('compare a catalogue file with what the log holds, publish it');
  catalogue
    .command('diff')
    .description('what a publication of the file would change; exit code 1 where it would be refused')
    .argument('[file]', 'default: the file of the settings')
    .option('--json', 'print as JSON')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const file = readCatalogueFile(name ?? loadConfig().catalogueFile);
      await withLog(async (store) => {
        const { content } = (await readCatalogue(store)).state;
        const decision = decidePublication(content, file);
        const rows = decision === 'older' ? [] : diffSummary(content, file);
        if (decision === 'older') message(`${leftAlone(content, file, 'would be')} Nothing would change.`);
        else if (rows.length === 0) message('Nothing would change.');
        if (rows.length > 0 || json)
          printTable(
            ['', 'kind', 'key', 'what'],
            rows.map(({ mark, kind, key, what }) => [mark, kind, key, what]),
            json,
          );
        if (decision === 'version-reused')
          throw new CliError(
            `Nothing of this would be published, and a server with this file would not start. ${reusedVersion(content, file).message}`,
          );
      });
    });
  addPreview(catalogue);
  onRecord(
    catalogue
      .command('publish')
      .description('publish the file: a version above the log’s, for every account at once')
      .argument('[file]', 'default: the file of the settings'),
  ).action(async (name: string | undefined, options: RecordOptions) => {
    const config = loadConfig();
    const file = readCatalogueFile(name ?? config.catalogueFile);
    const { operator: actorId, host: actorHost, reason } = recordOf(options);
    await withLog(
      async (store) => {
        if ((await store.format()) === 1) throw new CliError(`LOG_FORMAT_1: ${FORMAT_1}`);
        const recorded = reason === undefined ? null : await operatorsReason(store, config, reason);
        const shown = progress('Publishing the catalogue');
        const result = await publishCatalogue({
          store,
          file,
          metadata: operatorMetadata({ actorId, actorHost, requestId: v4(), reason: recorded }),
          onProgress: ({ written, total }) => shown.update(written, total),
        });
        shown.finish();
        if (result.warning) message(result.warning);
        message(
          `Catalogue version ${result.version}: ${result.outcome}, ${counted(result.events, 'event')}.`,
        );
      },
      { write: true },
    );
  });
}

function addPreview(catalogue: Command): void {
  catalogue
    .command('preview')
    .description(
      'what a publication of the file would change: entries, roles and users of each account, and what each of these users would gain and lose; writes nothing',
    )
    .argument('[file]', 'default: the file of the settings')
    .option('--account <id>', 'only this account', parseAccount)
    .option('--first <n>', 'users to list; default: 20 in a table, else all', parseWhole(1, 100_000_000))
    .option('--after <cursor>', 'list the users behind those of an earlier page')
    .addOption(
      new Option(
        '--format <format>',
        'tables for people, one JSON object a line, or CSV, which has the users alone',
      )
        .choices(FORMATS)
        .default('table'),
    )
    .option('--out <file>', 'a new file to write to, instead of the standard output')
    .action(previewPublication);
}
