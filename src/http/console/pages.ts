import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addOpenRoute } from '../add-route';
import { HttpError } from '../failure';
import { allowed, ROUTES, routesAt } from '../routes';
import { HASHED, type ConsoleFile, type ConsoleFiles } from './console-files';

/** The console’s own files: its page at every address below it that is no file, so that links lead into it. */

/**
 * Policy of the page: scripts, styles and fonts of this server alone, nothing inline, and requests to nobody else. Small
 * images may stand in a style as `data:`.
 */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ');

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept, and asked for again each time: a new release shows at the next load. */
const ASK_AGAIN = 'no-cache';

/** `files`: null where the console is not built. */
export function addConsolePages(app: FastifyInstance, files: ConsoleFiles | null, base: string): void {
  addOpenRoute(app, ROUTES.console, async (_request, reply) => reply.redirect(`${base}/`, 302));
  addOpenRoute(app, ROUTES.consolePage, async (request, reply) => {
    const [route] = routesAt(request.url);
    // The address of something else that is not asked for by `GET`.
    if (route && route.path !== ROUTES.consolePage.path)
      throw new HttpError(405, 'METHOD_NOT_ALLOWED', `This takes only ${allowed([route])}.`, {
        allow: allowed([route]),
      });
    if (files === null) throw notBuilt();
    const name = (request.params as { readonly '*': string })['*'];
    const file = files.others.get(name) ?? (name.startsWith(HASHED) ? null : files.index);
    // A page in place of a script of an earlier release would fail in ways that nobody understands.
    if (file === null) throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
    return send(request, reply, file);
  });
}

const notBuilt = (): HttpError =>
  new HttpError(
    503,
    'CONSOLE_NOT_BUILT',
    'The console is not built, so that there is no page here; the API works. Run `npm run build`, then start again.',
  );

async function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): Promise<FastifyReply> {
  const { type, etag, isHashed } = file;
  const { encoding, content } = await file.encoded(request.headers['accept-encoding']);
  // One tag for each encoding: they are different answers.
  const tag = encoding === null ? etag : etag.replace(/"$/, `-${encoding}"`);
  reply.headers({
    'content-type': type,
    'content-security-policy': CONSOLE_POLICY,
    'cache-control': isHashed ? FOR_EVER : ASK_AGAIN,
    vary: 'accept-encoding',
    etag: tag,
    ...(encoding === null ? {} : { 'content-encoding': encoding }),
  });
  if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.send(content);
}

/** Proxies that compress make tags weak, which says the same to a page that is read anew. */
const namesTag = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
