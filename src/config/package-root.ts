import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, independent of the working directory, and the same for the sources and their build. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}
