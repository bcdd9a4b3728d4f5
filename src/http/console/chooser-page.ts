import type { FastifyReply } from 'fastify';
import { html } from '../html';
import { sendPlainPage } from './plain-page';

/** Sends the page on which a person chooses where to sign in. `to`: path that this leads to then. */
export function sendChooser(
  reply: FastifyReply,
  issuers: Iterable<string>,
  { base, to }: { readonly base: string; readonly to: string },
): FastifyReply {
  const choices = [...issuers].map((issuer) => {
    const query = new URLSearchParams({ issuer, to });
    return html`<li><a href="${`${base}/sign-in?${query.toString()}`}">${shownAs(issuer)}</a></li>`;
  });
  return sendPlainPage(
    reply,
    'Where do you sign in?',
    html`<ul>
      ${choices}
    </ul>`,
  );
}

/** An issuer as people know it: its address without what is the same for all. */
const shownAs = (issuer: string): string => issuer.replace(/^https?:\/\//, '').replace(/\/$/, '');
