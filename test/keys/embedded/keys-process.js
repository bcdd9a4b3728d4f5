/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, so that node can start it without a build */
/**
 * A process of its own that gives out keys and erases some: `node keys-process.js <directory>`. It makes the file of
 * master keys where there is none, and acknowledges on stdout, line by line.
 */
const { transformFileSync } = require('@swc/core');
const options = require('../../../.swcrc.js');
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);

const { writeSync } = require('node:fs');
const { join } = require('node:path');
const { openKeyBook } = require('../../../src/keys/book/key-book');
const { openEmbeddedSegments } = require('../../../src/keys/stores/embedded');
const { makeMasterKeyFile, masterKeyFile } = require('../../../src/keys/stores/master-key-file');

/** Written at once: what was said stays said when the process is killed. */
const say = (line) => writeSync(1, `${line}\n`);

async function main(directory) {
  const file = join(directory, 'master.keys');
  makeMasterKeyFile(file);
  const book = await openKeyBook(await openEmbeddedSegments({ directory }), masterKeyFile(file, say));
  const { secret } = await book.openAccount('acme');
  say(`secret ${secret.bytes.toString('hex')}`);
  for (let n = 0; ; n += 1) {
    const { id, key } = await book.newKey('acme');
    say(`key ${id} ${key.bytes.toString('hex')}`);
    if (n % 5 !== 4) continue;
    say(`erasing ${id}`);
    await book.erase('acme', [id]);
    say(`erased ${id}`);
  }
}

main(process.argv[2]).catch((error) => say(`failed ${error.code} ${error.message}`));
