import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCatalogueFile } from '../../src/app/compose';
import { newDirectory, removeDirectory } from '../directories';

/** A catalogue file that cannot be taken says why, in a sentence. */

const directory = newDirectory();
afterAll(() => removeDirectory(directory));

const file = path.join(directory, 'catalogue.json');

test.each<[what: string, name: string, content: string | Buffer, why: string]>([
  ['a folder', directory, '', 'is a folder, and a file is wanted.'],
  ['nothing', path.join(directory, 'none'), '', 'is not there.'],
  [
    'a path through a file',
    path.join(file, 'none'),
    '',
    'is not there: what its path leads through is a file.',
  ],
  ['bytes that are not UTF-8', file, Buffer.from([0xff]), 'is not UTF-8.'],
  ['no JSON', file, '{', 'is not JSON: '],
])('%s', (_what, name, content, why) => {
  writeFileSync(file, content);
  expect(() => readCatalogueFile(name)).toThrow(`The catalogue file ${name} ${why}`);
});
