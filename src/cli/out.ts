import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
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
  try {
    const result = await work(async (text) => {
      asked(file, () => writeWhole(descriptor, Buffer.from(`${text}\n`)));
    });
    asked(file, () => fsyncSync(descriptor));
    isWhole = true;
    return result;
  } finally {
    closeSync(descriptor);
    if (!isWhole) rmSync(file, { force: true });
  }
}

/** Writes all bytes: the system may take fewer at a time. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

function asked<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = systemReason(error);
    if (why === null) throw error;
    throw new CliError(`${file} cannot be written: ${why}.`, { cause: error });
  }
}
