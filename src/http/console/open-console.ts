import type { FastifyInstance } from 'fastify';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config/config';
import { packageRoot } from '../../config/package-root';
import type { OidcTokens } from '../authentication/oidc/oidc-tokens';
import type { SigningKey } from '../authentication/signing-key';
import { addConsole, type ConsoleParts, type SignIn } from './console';
import { readConsoleFiles } from './console-files';
import { signInByCode } from './local-sign-in';
import { oidcSignIn } from './oidc-sign-in';
import { returnPath } from './return-path';
import { SignInCodes } from './sign-in-codes';

export interface OpenConsoleParts extends Omit<ConsoleParts, 'config' | 'files' | 'signIn' | 'logger'> {
  readonly config: Config;
  readonly signingKey: SigningKey;
  readonly logger: Logger;
  /** Authenticator of access tokens; null in local mode. */
  readonly tokens: OidcTokens | null;
  /** Address of this server, once it listens. */
  readonly url: () => string | null;
  /** Folder of the built console; left out: that of this package. */
  readonly folder?: string;
  readonly now?: () => number;
}

/** Adds the console; resolves to true if there are files of it to serve. */
export async function openConsole(
  app: FastifyInstance,
  { folder = path.join(packageRoot(), 'console', 'dist'), ...parts }: OpenConsoleParts,
): Promise<boolean> {
  const { config, logger } = parts;
  const files = await readConsoleFiles(folder, config.consolePath);
  if (files === null) logger.warn('the console is not built, and not served: npm run build builds it');
  addConsole(app, { ...parts, files, signIn: signInOf(parts) });
  return files !== null;
}

function signInOf({ config, signingKey, tokens, logger, url, now }: OpenConsoleParts): SignIn {
  if (tokens !== null) {
    if (config.publicUrl === null && config.oidc?.some(({ client }) => client !== null))
      logger.warn('the console signs nobody in: set ROLEBOOK_PUBLIC_URL to where browsers reach it');
    return oidcSignIn({ config, signingKey, tokens, logger, now });
  }
  const { consolePath: base } = config;
  const to = returnPath(undefined, base) ?? base;
  const codes = new SignInCodes(signingKey, url, now);
  const begin: SignIn['begin'] = async ({ query }) => ({
    who: await signInByCode(codes, (query as { readonly code?: unknown }).code),
    to,
  });
  return {
    begin,
    complete: async () => ({ who: await signInByCode(codes, undefined), to }),
    leave: async () => null,
  };
}
