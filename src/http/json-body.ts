import { isUtf8 } from 'node:buffer';
import { randomInt } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, HttpError } from './failure';

/** Deepest nesting of a body; recursive code has stack enough for that. No valid body nests ten deep. */
export const MAX_BODY_NESTING = 100;
/**
 * Most names of fields in a body that differ from each other: each one that is new costs the parser as much as hundreds of
 * bytes, and all inputs together have a tenth of that.
 */
export const MAX_BODY_NAMES = 1_000;

/**
 * Accepts bodies of JSON in UTF-8, as in RFC 8259, and no others: text in another encoding would be stored as U+FFFD,
 * and a form or plain text could be sent by another site without a preflight request. `types`: content types of JSON.
 */
export function takeJsonAlone(app: FastifyInstance, types: readonly string[] = ['application/json']): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>([...types], { parseAs: 'buffer' }, (request, body, done) => {
    // Clients name the type of a body also where they send none.
    if (request.method === 'DELETE' && body.length === 0) return done(null);
    const text = textOf(request, body);
    if (text instanceof HttpError) done(text);
    else void parse(request, text, (error, value) => done(error ? notJson() : null, value));
  });
}

const notJson = (): HttpError => badRequest('The body is not JSON.');

function textOf({ headers }: FastifyRequest, body: Buffer): string | HttpError {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must have no content encoding.');
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset))
    return new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON in UTF-8.');
  if (!isUtf8(body)) return badRequest('The body is not UTF-8.');
  const excess = excessOf(body);
  if (excess !== null) return badRequest(excess);
  const text = body.toString('utf8');
  // A byte order mark has no meaning in UTF-8; some clients send one.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const [QUOTE = 0, BACKSLASH = 0, COLON = 0] = ['"', '\\', ':'].map((each) => each.charCodeAt(0));
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = ['[', ']', '{', '}'].map((each) =>
  each.charCodeAt(0),
);

/**
 * Says what a body has too much of. It reads bytes alone: all syntax of JSON is ASCII, and no byte of another character in
 * UTF-8 looks like it.
 */
function excessOf(json: Uint8Array): string | null {
  const names = new Set<number>();
  let depth = 0;
  let [start, end] = [0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      start = at + 1;
      at = end = endOfText(json, start);
    } else if (byte === COLON) {
      // The text before it is a name.
      names.add(hashOf(json, start, end));
      if (names.size > MAX_BODY_NAMES) return `The body has more than ${MAX_BODY_NAMES} different names.`;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_BODY_NESTING) return `The body nests deeper than ${MAX_BODY_NESTING}.`;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
  }
  return null;
}

/** Index of the quote that ends a text, or the length of the body. */
function endOfText(json: Uint8Array, start: number): number {
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return json.length;
}

/** Differs in each process, so that nobody can prepare names that count as one. */
const SEED = randomInt(2 ** 32);
/** Multiplier of FNV-1a. */
const PRIME = 0x01_00_01_93;

function hashOf(json: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (json[at] ?? 0), PRIME);
  return hash;
}
