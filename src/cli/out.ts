import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { writeAt } from '../shared/durable-file';
import { systemReason } from '../shared/file-fault';
import { CliError, line } from './output';

/** Writes one piece of text and a line end; resolves once more may be written. */
export type WriteLine = (text: string) => Promise<void>;

/**
 * Lets a command write its lines to a new file, or to stdout without one. The file is there once all lines are on the disk:
 * whatever fails before leaves none.
 * @throws CliError if there is such a file already, or the system refuses it
 */
export async function withOut<T>(
  file: string | undefined,
  work: (write: WriteLine) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work(line);
  // It may hold names of people, so it is its owner's alone.
  const descriptor = asked(file, () => openSync(file, 'wx', 0o600));
  let isWhole = false;
  let at = 0;
  try {
    const result = await work(async (text) => {
      const bytes = Buffer.from(`${text}\n`);
      asked(file, () => writeAt(descriptor, bytes, at));
      at += bytes.length;
    });
    asked(file, () => fsyncSync(descriptor));
    isWhole = true;
    return result;
  } finally {
    closeSync(descriptor);
    if (!isWhole) rmSync(file, { force: true });
  }
}

/** Asks the system for something about a file that is written. @throws CliError if it refuses */
export function asked<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asWriteFault(file, error);
  }
}

/** The error for a file, or a folder, that the system does not let be written; any other error is as it was. */
export function asWriteFault(file: string, error: unknown): unknown {
  const why = systemReason(error);
  return why === null ? error : new CliError(`${file} cannot be written: ${why}.`, { cause: error });
}
