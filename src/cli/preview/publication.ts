import { InvalidCursorError } from '../../../projections/view';
import { readCatalogueFile } from '../../app/compose';
import { loadConfig } from '../../config/config';
import { contentAfter, EffectOfPublication } from '../../operations/audit/publication-preview';
import { decidePublication, leftAlone, reusedVersion } from '../../operations/publication/decide';
import { diffSummary } from '../../operations/publication/diff-summary';
import { demandAccountIn, withReadModels } from '../connections';
import { withOut } from '../out';
import { CliError, message } from '../output';
import { shellCommand } from '../shell';
import { effectWriter, type EffectWriter, type Format } from './formats';

export interface PreviewOptions {
  readonly account?: string;
  readonly first?: number;
  readonly after?: string;
  readonly format: Format;
  readonly out?: string;
}

/** Users of a table where no number is given; other formats have all. */
const FIRST = 20;
const PAGE = 200;

/** Prints what a publication of a catalogue file would change, and for whom. @throws CliError if it would be refused */
export async function previewPublication(name: string | undefined, options: PreviewOptions): Promise<void> {
  const file = readCatalogueFile(name ?? loadConfig().catalogueFile);
  await withReadModels(async (readModels) => {
    const { account = null, format, out } = options;
    if (account !== null) demandAccountIn(readModels, account);
    const { content } = readModels.view('').catalogue();
    const decision = decidePublication(content, file);
    if (decision === 'version-reused') throw new CliError(reusedVersion(content, file).message);
    if (decision === 'older') message(`${leftAlone(content, file, 'would be')} Nothing would change.`);
    if (decision === 'unchanged') message('Nothing would change.');
    if (decision !== 'publish') return;
    const effect = new EffectOfPublication(readModels, contentAfter(content, file), account);
    const width = out === undefined && process.stdout.isTTY ? process.stdout.columns : undefined;
    await withOut(out, async (write) => {
      const writer = effectWriter(format, write, width);
      // A page of users goes on where the one before it ended.
      if (options.after === undefined) {
        await writer.entries(diffSummary(content, file));
        for await (const each of effect.accounts()) await writer.account(each);
      }
      const next = await writeUsers(effect, writer, options);
      await writer.end();
      if (next !== null) message(`More users: ${shellCommand('--after', next)}`);
    });
  });
}

/** Writes a page of users; the cursor that it ends with if there are more, else null. */
async function writeUsers(
  effect: EffectOfPublication,
  writer: EffectWriter,
  { format, first = format === 'table' ? FIRST : Infinity, after }: PreviewOptions,
): Promise<string | null> {
  let count = 0;
  let last = after ?? null;
  try {
    for await (const user of effect.users(last, Math.min(first + 1, PAGE))) {
      if (count === first) return last;
      await writer.user(user);
      [count, last] = [count + 1, user.cursor];
    }
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error;
    throw new CliError('`--after` takes what an earlier page ended with.', { cause: error });
  }
  return null;
}
