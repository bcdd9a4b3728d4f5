'use strict';
/** With `node --require`: says at the end which files were loaded, a line of JSON on stderr. */
process.on('exit', () => process.stderr.write(`${JSON.stringify({ loaded: Object.keys(require.cache) })}\n`));
