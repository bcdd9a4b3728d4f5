import { readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { pseudo } from './pseudo.js';

/**
 * Compiles the catalogue of messages when the console is built, so that no parser goes to the browser.
 * `en.json?compiled` is English, `en.json?pseudo` the pseudo-locale that is made of it.
 */
export function messages() {
  return {
    name: 'rolebook-messages',
    enforce: 'pre',
    load(id) {
      const [file, kind] = id.split('?');
      if (!file.endsWith('/messages/en.json') || !['compiled', 'pseudo'].includes(kind)) return null;
      this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(compiled(file, kind))}`, moduleType: 'js' };
    },
  };
}

function compiled(file, kind) {
  const english = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    english.map(([key, text]) => [key, compileMessage(kind === 'pseudo' ? pseudo(text) : text)]),
  );
}
