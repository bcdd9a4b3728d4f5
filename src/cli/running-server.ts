import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { message } from './output';

/** Returns the address of the server on a data folder. A kill leaves the file behind, so the process is checked. */
export function runningServer(config: Config): string | null {
  const file = path.join(config.dataDirectory, 'server.json');
  if (!existsSync(file)) return null;
  try {
    const { pid, url } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; url: string };
    process.kill(pid, 0);
    return url;
  } catch {
    message('A server on this data folder ended without tidying up; going on without it.');
    return null;
  }
}
