import { readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';
import { pseudo } from './pseudo.ts';

/**
 * Compiles the catalogue of messages when the console is built, so that no parser goes to the browser.
 * `en.json?compiled` is English, `en.json?pseudo` the pseudo-locale that is made of it.
 */
export function messages(): Plugin {
  return {
    name: 'rolebook-messages',
    enforce: 'pre',
    load(id) {
      const [file = '', kind] = id.split('?');
      if (!file.endsWith('/messages/en.json') || (kind !== 'compiled' && kind !== 'pseudo')) return null;
      this.addWatchFile(file);
      const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
      const compiled = Object.entries(catalogue).map(([key, text]) => [
        key,
        compileMessage(kind === 'pseudo' ? pseudo(text) : text),
      ]);
      return { code: `export default ${JSON.stringify(Object.fromEntries(compiled))}`, moduleType: 'js' };
    },
  };
}
