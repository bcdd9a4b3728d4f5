import { canonicalJson, NotJsonError } from '../../event-store/port/json';
import { sha256 } from './files';

/** JSON files whose last field is a SHA-256 over all the others, so that one that was torn or edited is found out. */

/** Text of such a file, for people too. */
export function digestedText(contents: object): string {
  return `${JSON.stringify({ ...contents, sha256: digestOf(contents) }, null, 2)}\n`;
}

export interface Digested {
  readonly contents: Record<string, unknown>;
  /** True if the digest is that of the contents. */
  readonly isWhole: boolean;
}

/** Contents of such a file; null for what is no JSON object. */
export function readDigested(text: string): Digested | null {
  const parsed = objectIn(text);
  if (parsed === null) return null;
  const { sha256: stated, ...contents } = parsed;
  return { contents, isWhole: typeof stated === 'string' && stated === digestOf(contents) };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Null for what is JSON to a parser, but nothing that was ever written. */
function digestOf(contents: object): string | null {
  try {
    return sha256(canonicalJson(contents));
  } catch (error) {
    if (error instanceof NotJsonError) return null;
    throw error;
  }
}
