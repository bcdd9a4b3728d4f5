import { parse, serialize } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Cookies of the console. None can be read by a script, and none is for another host. */

const KINDS = {
  session: { name: 'rolebook-session', sameSite: 'strict' },
  // The provider’s redirect back comes from another site, with which a browser sends no strict cookie.
  signIn: { name: 'rolebook-sign-in', sameSite: 'lax' },
} as const;

export type CookieKind = keyof typeof KINDS;

export class Cookies {
  /** `secure`: true where browsers come by https, which is everywhere but on a loopback address. */
  constructor(private readonly secure: boolean) {}

  /** Value that a browser sent; null for none. */
  read({ headers }: Pick<FastifyRequest, 'headers'>, kind: CookieKind): string | null {
    return parse(headers.cookie ?? '')[this.nameOf(kind)] || null;
  }

  set(reply: FastifyReply, kind: CookieKind, value: string, maxAgeMs: number): void {
    const { sameSite } = KINDS[kind];
    const { secure } = this;
    const maxAge = Math.max(0, Math.ceil(maxAgeMs / 1_000));
    const cookie = serialize(this.nameOf(kind), value, {
      httpOnly: true,
      sameSite,
      secure,
      path: '/',
      maxAge,
    });
    reply.header('set-cookie', cookie);
  }

  clear(reply: FastifyReply, kind: CookieKind): void {
    this.set(reply, kind, '', 0);
  }

  /** The prefix has browsers refuse the cookie from any other host, path or scheme; it needs https. */
  private nameOf(kind: CookieKind): string {
    const { name } = KINDS[kind];
    return this.secure ? `__Host-${name}` : name;
  }
}
