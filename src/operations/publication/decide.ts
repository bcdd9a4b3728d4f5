import type { CatalogueContent } from '../../domain/catalogue/catalogue';
import { diffCatalogue } from '../../domain/catalogue/diff';
import { contentDigest } from '../../domain/catalogue/digest';
import type { CatalogueFile } from '../../domain/catalogue/file';
import { CatalogueError } from './catalogue-log';
import { diffSummary } from './diff-summary';

/** The version decides: a higher one is published, a lower one left alone, an equal one must have equal content. */
export function decidePublication(
  current: CatalogueContent,
  file: CatalogueFile,
): 'publish' | 'unchanged' | 'older' | 'version-reused' {
  if (file.version > current.version) return 'publish';
  if (file.version < current.version) return 'older';
  if (contentDigest(file) === current.contentDigest) return 'unchanged';
  // Another spelling of the same, as `required: false` for nothing, is no other content.
  return diffCatalogue(current, file, '').length === 0 ? 'unchanged' : 'version-reused';
}

/** Message about a file whose version is lower than the current one. */
export const leftAlone = (current: CatalogueContent, file: CatalogueFile, verb: 'was' | 'would be'): string =>
  `The log has catalogue version ${current.version}; the file's version ${file.version} is lower and ${verb} left alone.`;

const EXAMPLES = 3;

export function reusedVersion(current: CatalogueContent, file: CatalogueFile): CatalogueError {
  const rows = diffSummary(current, file);
  const some = rows.slice(0, EXAMPLES).map(({ mark, kind, key }) => `${mark} ${kind} ${key}`);
  const rest = rows.length > EXAMPLES ? `, and ${rows.length - EXAMPLES} more` : '';
  return new CatalogueError(
    'CATALOGUE_VERSION_REUSED',
    `The catalogue file has version ${file.version}, which is published with other content (${some.join(', ')}${rest}). Raise the file's version to publish it.`,
  );
}
