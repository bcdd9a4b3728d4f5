import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, independent of the working directory, and the same for the sources and their build. */
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
