import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, HttpError } from './failure';

/** Deepest nesting of a body; recursive code has stack enough for that. No valid body nests ten deep. */
export const MAX_BODY_NESTING = 100;

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
  if (nestsDeeper(body, MAX_BODY_NESTING))
    return badRequest(`The body nests deeper than ${MAX_BODY_NESTING}.`);
  const text = body.toString('utf8');
  // A byte order mark has no meaning in UTF-8; some clients send one.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const [QUOTE, BACKSLASH] = ['"', '\\'].map((each) => each.charCodeAt(0));
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = ['[', ']', '{', '}'].map((each) =>
  each.charCodeAt(0),
);

/** Reads bytes alone: all syntax of JSON is ASCII, and no byte of another character in UTF-8 looks like it. */
function nestsDeeper(json: Uint8Array, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > most) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}
