import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, wherever it was started from: of the sources and of their build alike. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}
