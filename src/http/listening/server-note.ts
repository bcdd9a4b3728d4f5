import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, ownName, type ProcessName } from '../../shared/process-name';

/**
 * The note that a server leaves in its data folder, so that the command line reaches it: only one process may write to an
 * embedded log.
 */

/** A server on a data folder. */
export interface RunningServer {
  readonly url: string;
  /** Path of the socket of operators, in oidc mode; null: they have the same address as all others. */
  readonly socket: string | null;
}

interface ServerNote extends ProcessName, RunningServer {}

export const serverNoteIn = (dataDirectory: string): string => path.join(dataDirectory, 'server.json');

/** Leaves the note of this process. */
export const writeServerNote = (dataDirectory: string, server: RunningServer): void =>
  writeFileSync(serverNoteIn(dataDirectory), JSON.stringify({ ...ownName(), ...server }));

/**
 * The server on a data folder; null: none; `killed`: one that ended without taking its note along. The process id alone says
 * little: in a container that is started anew another process mostly has it.
 */
export function notedServer(dataDirectory: string): RunningServer | 'killed' | null {
  try {
    const note = JSON.parse(readFileSync(serverNoteIn(dataDirectory), 'utf8')) as ServerNote;
    return isRunning(note) ? { url: note.url, socket: note.socket ?? null } : 'killed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'killed';
  }
}
