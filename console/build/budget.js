import { gzipSync } from 'node:zlib';

/** Limits in KB (1,000 bytes): script as gzip, fonts as they are. */
export const LIMITS = { firstView: 220, screen: 60, script: 450, fonts: 120 };

/**
 * Fails the build that is too large, and prints what it weighs. The first view is the entry and all that it imports;
 * a screen is what an import on demand brings besides.
 */
export function budget() {
  return {
    name: 'rolebook-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const { lines, faults } = weigh(Object.values(bundle));
      for (const line of lines) this.info(line);
      if (faults.length > 0) this.error(faults.join('\n'));
    },
  };
}

/** Weights of the files of a build, and the limits that they break. */
export function weigh(files) {
  const chunks = new Map(
    files.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const size = (names) =>
    [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name).code).length, 0) / 1000;
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
  const first = withImports(chunks, entry.fileName);
  const screens = [...chunks.values()]
    .filter(({ isDynamicEntry }) => isDynamicEntry)
    .map(({ fileName }) => [fileName, [...withImports(chunks, fileName)].filter((name) => !first.has(name))]);
  const fonts = files
    .filter(({ fileName }) => fileName.endsWith('.woff2'))
    .reduce((sum, { source }) => sum + source.length / 1000, 0);
  const weights = [
    ['first view', size(first), LIMITS.firstView],
    ...screens.map(([name, more]) => [name, size(more), LIMITS.screen]),
    ['all script', size(chunks.keys()), LIMITS.script],
    ['fonts', fonts, LIMITS.fonts],
  ];
  return {
    lines: weights.map(([name, weight, limit]) => `${name}: ${weight.toFixed(1)} of ${limit} KB`),
    faults: weights
      .filter(([, weight, limit]) => weight > limit)
      .map(([name, weight, limit]) => `${name} weighs ${weight.toFixed(1)} KB, more than ${limit}`),
  };
}

function withImports(chunks, name, found = new Set()) {
  if (found.has(name) || !chunks.has(name)) return found;
  found.add(name);
  for (const next of chunks.get(name).imports) withImports(chunks, next, found);
  return found;
}
