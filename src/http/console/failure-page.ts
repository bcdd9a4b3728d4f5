import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpErrorCode } from '../error-codes/http-errors';
import type { RequestErrorCode } from '../../graphql/errors';
import { REQUEST_ID } from '../request-id';

/** A sign-in that did not come about, told to a person: they see the answer, not a program. */
export class SignInFailure {
  constructor(
    /** Texts of our own: nothing that was sent is in them. */
    readonly what: string,
    readonly next: string,
    readonly status: 400 | 403 | 429 | 503 = 403,
    readonly code: HttpErrorCode | RequestErrorCode = 'SIGN_IN_FAILED',
  ) {}
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (each) => ESCAPED[each] ?? each);

/** Sends the page. `retry`: address that begins the sign-in anew; null: there is none. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  { what, next, status, code }: SignInFailure,
  retry: string | null,
): FastifyReply {
  const link = retry === null ? '' : `<p><a href="${escape(retry)}">Sign in again</a></p>`;
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rolebook · Sign-in</title></head>
<body>
<main>
<h1>You are not signed in</h1>
<p>${escape(what)}</p>
<p>${escape(next)}</p>
${link}
<p><small>${code} · ${escape(String(reply.getHeader(REQUEST_ID) ?? request.id))}</small></p>
</main>
</body>
</html>
`,
    );
}
