import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpErrorCode } from '../error-codes/http-errors';
import type { RequestErrorCode } from '../../graphql/errors';
import { html } from '../html';
import { REQUEST_ID } from '../request-id';
import { sendPlainPage } from './plain-page';

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

/** Sends the page. `retry`: address that begins the sign-in anew; null: there is none. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  { what, next, status, code }: SignInFailure,
  retry: string | null,
): FastifyReply {
  const link = retry === null ? '' : html`<p><a href="${retry}">Sign in again</a></p>`;
  const requestId = String(reply.getHeader(REQUEST_ID) ?? request.id);
  return sendPlainPage(
    reply.code(status),
    'You are not signed in',
    html`<p>${what}</p>
      <p>${next}</p>
      ${link}
      <p><small>${code} · ${requestId}</small></p>`,
  );
}
