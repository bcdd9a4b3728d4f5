import { isUtf8 } from 'node:buffer';

/** A byte order mark: it has no meaning in UTF-8, and some programs write one at the start of a file. */
const BOM = '\ufeff';

/** The text of UTF-8 bytes; null for invalid bytes, which would be read and stored as U+FFFD. */
export const decodeUtf8 = (bytes: Buffer): string | null => (isUtf8(bytes) ? bytes.toString('utf8') : null);

/** The text of a whole file, or of its first line. */
export const withoutBom = (text: string): string => (text.startsWith(BOM) ? text.slice(1) : text);
