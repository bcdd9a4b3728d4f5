import { createReadStream } from 'node:fs';
import { decodeUtf8, withoutBom } from './utf8';

/** Longest line that is read, unless said otherwise; a longer one is reported and passed over, and never held in memory. */
const MAX_LINE_BYTES = 1024 * 1024;

export interface InputLine {
  /** From 1. */
  readonly number: number;
  /** The line without its end, or what is wrong with it. */
  readonly content: { readonly text: string } | { readonly fault: string };
  /** Bytes of the file read up to the end of the line, for progress. */
  readonly bytesRead: number;
}

const NEWLINE = 10;

/** Reads a file line by line. Bytes that are not UTF-8 and lines that are too long are faults of that line alone. */
export async function* readLines(file: string, maxBytes = MAX_LINE_BYTES): AsyncGenerator<InputLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let bytesRead = 0;
  const finish = (): InputLine => {
    number += 1;
    const content =
      length > maxBytes
        ? { fault: `longer than ${maxBytes} bytes` }
        : decode(parts.length === 1 ? parts[0]! : Buffer.concat(parts), number);
    parts = [];
    length = 0;
    return { number, content, bytesRead };
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      bytesRead += end + 1 - start;
      if (length + end - start <= maxBytes) parts.push(chunk.subarray(start, end));
      length += end - start;
      yield finish();
      start = end + 1;
    }
    bytesRead += chunk.length - start;
    length += chunk.length - start;
    if (length <= maxBytes) parts.push(chunk.subarray(start));
    else parts = [];
  }
  if (length > 0) yield finish();
}

function decode(bytes: Buffer, number: number): InputLine['content'] {
  const text = decodeUtf8(bytes);
  if (text === null) return { fault: 'has a byte that is not UTF-8' };
  return { text: (number === 1 ? withoutBom(text) : text).replace(/\r$/, '') };
}
