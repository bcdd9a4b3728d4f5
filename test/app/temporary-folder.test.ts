import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFolder } from '../../src/app/open-log';
import { removeLeftFolders } from '../../src/app/temporary-folder';
import { newDirectory, removeDirectory } from '../directories';

/** Folders that killed processes left are removed by the next one; what is in use, or somebody else’s, is not. */

test('folders that nobody has locked are removed, unless they were just made', () => {
  const parent = newDirectory();
  try {
    for (const name of ['rolebook-ephemeral-left', 'rolebook-ephemeral-used', 'rolebook-other']) {
      mkdirSync(path.join(parent, name));
      writeFileSync(path.join(parent, name, 'log.sqlite'), '');
    }
    const lock = lockFolder(path.join(parent, 'rolebook-ephemeral-used'), 'log.lock');
    removeLeftFolders(parent);
    expect(readdirSync(parent)).toHaveLength(3);
    removeLeftFolders(parent, Date.now() + 120_000);
    expect(readdirSync(parent).sort()).toEqual(['rolebook-ephemeral-used', 'rolebook-other']);
    lock.release();
    removeLeftFolders(parent, Date.now() + 120_000);
    expect(readdirSync(parent)).toEqual(['rolebook-other']);
  } finally {
    removeDirectory(parent);
  }
});
