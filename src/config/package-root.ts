import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, wherever it was started from: of the sources and of their build alike. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/** Version of this program, as `package.json` has it. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
