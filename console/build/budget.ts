import type { Plugin } from 'vite';
import { weigh } from './weigh.ts';

/**
 * Fails the build that is too large, and prints what it weighs. The first view is the entry and all that it imports;
 * a screen is what an import on demand brings besides.
 */
export function budget(): Plugin {
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
