/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, so that node can start it without a build */
/** A process of its own that writes to a log: `node writer-process.js <directory>`. It acknowledges on stdout, line by line. */
const { transformFileSync } = require('@swc/core');
const options = require('../../../.swcrc.js');
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);

const { randomUUID } = require('node:crypto');
const { writeSync } = require('node:fs');
const { openEmbeddedStore } = require('../../../src/event-store/embedded');

/** Written at once: what was said stays said when the process is killed. */
const say = (line) => writeSync(1, `${line}\n`);

async function appendForEver(store, stream) {
  for (let expected = 'no-stream'; ;) {
    const id = randomUUID();
    const event = { id, type: 'UserAssigned', data: { user: 'ann' }, metadata: {} };
    const { revision } = await store.append(stream, expected, [event]);
    say(`${stream} ${revision} ${id}`);
    expected = revision;
  }
}

openEmbeddedStore({ directory: process.argv[2] }).then(
  (store) => {
    say('open');
    for (let n = 0; n < 10; n++) void appendForEver(store, `rolebook.role-acme.role${n}`);
  },
  (error) => say(`refused ${error.code}`),
);
