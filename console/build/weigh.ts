import { gzipSync } from 'node:zlib';

/** Limits in KB (1,000 bytes): script as gzip, fonts as they are. */
export const LIMITS = { firstView: 220, screen: 60, script: 450, fonts: 120 };

/** A file of a build, of which only this much is weighed. */
export type BuiltFile =
  | {
      readonly type: 'chunk';
      readonly fileName: string;
      readonly code: string;
      readonly imports: readonly string[];
      readonly isEntry: boolean;
      readonly isDynamicEntry: boolean;
    }
  | { readonly type: 'asset'; readonly fileName: string; readonly source: string | Uint8Array };
type Chunks = ReadonlyMap<string, Extract<BuiltFile, { type: 'chunk' }>>;

/** Weights of the files of a build, and the limits that they break. */
export function weigh(files: readonly BuiltFile[]): { readonly lines: string[]; readonly faults: string[] } {
  const chunks: Chunks = new Map(
    files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
  if (!entry) throw new Error('The build has no entry.');
  const size = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0) / 1000;
  const first = withImports(chunks, entry.fileName);
  const screens = [...chunks.values()]
    .filter(({ isDynamicEntry }) => isDynamicEntry)
    .map(({ fileName }) => ({
      name: fileName,
      weight: size([...withImports(chunks, fileName)].filter((name) => !first.has(name))),
      limit: LIMITS.screen,
    }));
  const fonts = files.map((file) =>
    file.type === 'asset' && file.fileName.endsWith('.woff2') ? file.source.length / 1000 : 0,
  );
  const weights = [
    { name: 'first view', weight: size(first), limit: LIMITS.firstView },
    ...screens,
    { name: 'all script', weight: size(chunks.keys()), limit: LIMITS.script },
    { name: 'fonts', weight: fonts.reduce((sum, weight) => sum + weight, 0), limit: LIMITS.fonts },
  ];
  return {
    lines: weights.map(({ name, weight, limit }) => `${name}: ${weight.toFixed(1)} of ${limit} KB`),
    faults: weights
      .filter(({ weight, limit }) => weight > limit)
      .map(({ name, weight, limit }) => `${name} weighs ${weight.toFixed(1)} KB, more than ${limit}`),
  };
}

function withImports(chunks: Chunks, name: string, found = new Set<string>()): Set<string> {
  const chunk = chunks.get(name);
  if (!chunk || found.has(name)) return found;
  found.add(name);
  for (const next of chunk.imports) withImports(chunks, next, found);
  return found;
}
