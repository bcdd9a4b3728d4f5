import { createReadStream } from 'node:fs';
import { decodeUtf8, withoutBom } from './utf8';

/**
 * Longest line that is read, unless given otherwise; a longer one is reported and skipped, and never held in memory.
 */
export const MAX_LINE_BYTES = 1024 * 1024;

export interface InputLine {
  /** From 1. */
  readonly number: number;
  /** The line without its end, or its fault. */
  readonly content: { readonly text: string } | { readonly fault: string };
  /** Bytes of the file read up to the end of the line, for progress. */
  readonly bytesRead: number;
}

const NEWLINE = 10;
const RETURN = 13;

/**
 * Reads a file line by line. A line ends with LF, CRLF or CR alone, even if a file mixes them. Bytes that are not UTF-8
 * and lines that are too long are faults of that line alone.
 */
export async function* readLines(file: string, maxBytes = MAX_LINE_BYTES): AsyncGenerator<InputLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let bytesRead = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else parts = [];
  };
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
  let afterReturn = false;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    // A CRLF that was split between chunks ended its line already.
    let start = afterReturn && chunk[0] === NEWLINE ? 1 : 0;
    const before = bytesRead;
    for (const end of lineEnds(chunk, start)) {
      take(chunk.subarray(start, end));
      start = end + (chunk[end] === RETURN && chunk[end + 1] === NEWLINE ? 2 : 1);
      bytesRead = before + start;
      yield finish();
    }
    take(chunk.subarray(start));
    bytesRead = before + chunk.length;
    afterReturn = chunk.at(-1) === RETURN;
  }
  if (length > 0) yield finish();
}

/** Offsets of the first byte of each end of a line. */
function* lineEnds(chunk: Buffer, from: number): Generator<number> {
  const next = (byte: number, start: number): number => {
    const found = chunk.indexOf(byte, start);
    return found === -1 ? chunk.length : found;
  };
  let [newline, returned] = [next(NEWLINE, from), next(RETURN, from)];
  for (;;) {
    const end = Math.min(newline, returned);
    if (end === chunk.length) return;
    yield end;
    const start = returned === end && newline === end + 1 ? end + 2 : end + 1;
    if (newline < start) newline = next(NEWLINE, start);
    if (returned < start) returned = next(RETURN, start);
  }
}

function decode(bytes: Buffer, number: number): InputLine['content'] {
  const text = decodeUtf8(bytes);
  if (text === null) return { fault: 'has a byte that is not UTF-8' };
  return { text: number === 1 ? withoutBom(text) : text };
}
