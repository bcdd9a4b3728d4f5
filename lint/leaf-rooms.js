'use strict';
/**
 * Compiles everything but the leaf rooms and the two rooms that may know them (the command line and app/), as if the
 * leaves were not there: `npm run check` fails where another room needs one, by whatever path.
 */
const path = require('node:path');
const ts = require('typescript');

const LEAVES = ['src/operations', 'src/feeds', 'src/transparency', 'src/authzen'];
const KNOW_LEAVES = ['src/app', 'src/cli'];

const root = path.join(__dirname, '..');
const isIn = (folders) => (file) =>
  folders.some((folder) => path.resolve(file).startsWith(path.join(root, folder) + path.sep));
const isLeaf = isIn(LEAVES);
const isLeft = isIn([...LEAVES, ...KNOW_LEAVES, 'test', 'bench']);

const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const leaves = fileNames.filter(isLeaf);
if (leaves.length === 0) throw new Error(`There is no file in ${LEAVES.join(', ')}.`);

const host = ts.createCompilerHost(options);
const { fileExists, readFile } = host;
host.fileExists = (file) => !isLeaf(file) && fileExists(file);
host.readFile = (file) => (isLeaf(file) ? undefined : readFile(file));

const rest = fileNames.filter((file) => !isLeft(file));
const program = ts.createProgram(rest, { ...options, noEmit: true, incremental: false }, host);
const faults = ts.getPreEmitDiagnostics(program);
if (faults.length > 0) {
  process.stderr.write(
    ts.formatDiagnosticsWithColorAndContext(faults, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exitCode = 1;
} else console.log(`${rest.length} files compile without the ${leaves.length} of the leaf rooms.`);
