import { v4 } from 'uuid';
import type { Config } from '../../config/config';
import type { SigningKey } from '../authentication/signing-key';
import { Sealed } from './sealed';

/**
 * Codes of links that sign somebody in, in local mode. Whoever has the signing key makes them: the server at its start, the
 * command line later. Each is for one server and one use, within minutes. The server keeps what was used in memory alone:
 * after a restart it takes no code from before it.
 */

export const CODE_MS = 10 * 60_000;
const CODE_MINUTES = CODE_MS / 60_000;

/** User whom a code signs in, and the server that takes it. */
export interface CodeFor {
  readonly account: string;
  readonly user: string;
  /** Address of the server. */
  readonly server: string;
}

interface Code extends CodeFor {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly madeAt: number;
}

const sealedBy = (key: SigningKey): Sealed<Code> => new Sealed(key, 'sign-in code');

/** Makes a code. `now`: in milliseconds since 1970. */
export const makeCode = (key: SigningKey, whom: CodeFor, now: number): Promise<string> =>
  sealedBy(key).seal({ ...whom, id: v4(), madeAt: now });

/** Makes a link that signs a user in. */
export const signInLink = async (
  key: SigningKey,
  whom: CodeFor,
  { consolePath }: Pick<Config, 'consolePath'>,
  now = Date.now(),
): Promise<string> => `${whom.server}${consolePath}/sign-in?code=${await makeCode(key, whom, now)}`;

export class SignInCodes {
  private readonly sealed: Sealed<Code>;
  private readonly startedAt: number;
  /** Ids of used codes, with the moments from which they are refused for their age. */
  private readonly used = new Map<string, number>();

  constructor(
    key: SigningKey,
    /** Address of this server, which is known once it listens. */
    private readonly server: () => string | null,
    private readonly now: () => number = Date.now,
  ) {
    this.sealed = sealedBy(key);
    this.startedAt = now();
  }

  /** Uses a code up: the user whom it signs in, or why it does not, in words. */
  async use(text: string): Promise<CodeFor | string> {
    const code = await this.sealed.open(text);
    if (code === null) return 'This link is not one that this server takes.';
    const now = this.now();
    for (const [id, until] of this.used) if (until <= now) this.used.delete(id);
    if (code.server !== this.server()) return 'This link is for another server.';
    if (code.madeAt < this.startedAt) return 'This link was made before the server was started.';
    if (code.madeAt + CODE_MS <= now) return `This link is older than ${CODE_MINUTES} minutes.`;
    if (this.used.has(code.id)) return 'This link was used already.';
    this.used.set(code.id, code.madeAt + CODE_MS);
    return code;
  }
}
