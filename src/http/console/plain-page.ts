import type { FastifyReply } from 'fastify';
import { html, type Html } from '../html';

/** Pages of the sign-in, which a person sees while there is no console yet: plain, without style and script. */

export function sendPlainPage(reply: FastifyReply, heading: string, content: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>Rolebook · Sign-in</title>
        </head>
        <body>
          <main>
            <h1>${heading}</h1>
            ${content}
          </main>
        </body>
      </html> `.text,
  );
}
