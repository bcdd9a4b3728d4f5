import type { Command } from 'commander';
import { readCatalogue } from '../catalogue-publication/catalogue-log';
import { diffSummary } from '../catalogue-publication/diff-summary';
import { operatorMetadata } from '../catalogue-publication/metadata';
import { publishCatalogue } from '../catalogue-publication/publish';
import { readCatalogueFile } from '../compose';
import { loadConfig } from '../config';
import { operatorContext } from '../operations/open-account';
import { withLog } from './connections';
import { message, printTable, progress } from './output';

/** `rolebook catalogue diff|publish`. */
export function addCatalogue(program: Command): void {
  const catalogue = program
    .command('catalogue')
    .description('compare a catalogue file with what the log holds, publish it');
  catalogue
    .command('diff')
    .description('what a publication of the file would change')
    .argument('[file]', 'default: the file of the settings')
    .option('--json', 'print as JSON')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const file = readCatalogueFile(name ?? loadConfig().catalogueFile);
      await withLog(async (store) => {
        const rows = diffSummary((await readCatalogue(store)).state.content, file);
        if (rows.length === 0 && !json) message('Nothing would change.');
        else
          printTable(
            ['', 'kind', 'key', 'what'],
            rows.map(({ mark, kind, key, what }) => [mark, kind, key, what]),
            json,
          );
      });
    });
  catalogue
    .command('publish')
    .description('publish the file: a version above the log’s, for every account at once')
    .argument('[file]', 'default: the file of the settings')
    .option('--reason <text>', 'why, for the record')
    .action(async (name: string | undefined, { reason }: { reason?: string }) => {
      const file = readCatalogueFile(name ?? loadConfig().catalogueFile);
      await withLog(
        async (store) => {
          const shown = progress('Publishing the catalogue');
          const { actor, requestId } = operatorContext('');
          const result = await publishCatalogue({
            store,
            file,
            metadata: operatorMetadata({ actorId: actor.id, requestId, reason }),
            onProgress: ({ written, total }) => shown.update(written, total),
          });
          shown.finish();
          if (result.warning) message(result.warning);
          message(`Catalogue version ${result.version}: ${result.outcome}, ${result.events} events.`);
        },
        { write: true },
      );
    });
}
