import type { Logger } from 'pino';
import type { OidcIssuer } from '../config/oidc-issuer';
import { adminsWhoSignIn, type AccountWithoutAdmin } from '../operations/admins-who-sign-in';
import { StartError, type Application } from './compose';

/**
 * Names every account in which no admin can sign in. A server is of no use where that is so of all.
 * @throws StartError
 */
export async function demandAdmins(
  { readModels }: Pick<Application, 'readModels'>,
  issuers: readonly OidcIssuer[],
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  const { accounts, without } = await adminsWhoSignIn(readModels, issuers);
  if (accounts > 0 && without.length === accounts)
    throw new StartError(
      `No account has an admin who can sign in with a token of an issuer. Link one first:\n${without
        .map((each) => `  ${wayToLink(each, issuers)}`)
        .join('\n')}`,
    );
  for (const each of without)
    logger.warn(
      { account: each.account, command: wayToLink(each, issuers) },
      'the account has no admin who can sign in with a token of an issuer',
    );
}

/** The command that gives an account an admin who can sign in. No name is in it, for it is logged. */
function wayToLink({ account, hasAdmins }: AccountWithoutAdmin, issuers: readonly OidcIssuer[]): string {
  if (!hasAdmins) return `npx rolebook account appoint ${account} <username> --reason "..."`;
  const speaks = ({ accounts }: OidcIssuer): boolean => accounts === null || accounts.includes(account);
  const { issuer = '<issuer>' } = issuers.find(speaks) ?? {};
  return `npx rolebook identity link <username> --account ${account} --issuer ${issuer} --subject <subject>`;
}
