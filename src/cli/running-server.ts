import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { message } from './output';

/** A server on a data folder. */
export interface RunningServer {
  readonly url: string;
  /** Path of the socket of operators, in oidc mode; null: they have the same address as all others. */
  readonly socket: string | null;
}

/** Returns the server on a data folder. A kill leaves the file behind, so the process is checked. */
export function runningServer(config: Config): RunningServer | null {
  const file = path.join(config.dataDirectory, 'server.json');
  if (!existsSync(file)) return null;
  try {
    const { pid, url, socket = null } = JSON.parse(readFileSync(file, 'utf8')) as Note;
    process.kill(pid, 0);
    return { url, socket };
  } catch {
    message('A server on this data folder ended without tidying up; going on without it.');
    return null;
  }
}

interface Note {
  readonly pid: number;
  readonly url: string;
  readonly socket?: string;
}
