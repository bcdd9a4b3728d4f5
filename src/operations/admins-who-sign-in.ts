import type { ReadModels } from '../../projections/view';
import type { OidcIssuer } from '../config/oidc-issuer';
import { ACCOUNT_ADMIN } from '../domain/vocabulary';
import { pagesOf } from './transfer/pages';

/** Accounts by whether one of their admins can sign in with a token of an issuer. */
export interface AdminsWhoSignIn {
  readonly accounts: number;
  /** Accounts where no admin can, in order. */
  readonly without: readonly AccountWithoutAdmin[];
}

export interface AccountWithoutAdmin {
  readonly account: string;
  /** True if there are active admins, who could be given an identity. */
  readonly hasAdmins: boolean;
}

/** Looks through all accounts for active admins who have an identity of an issuer that may speak for the account. */
export async function adminsWhoSignIn(
  readModels: Pick<ReadModels, 'view'> & { accounts(): readonly string[] },
  issuers: readonly OidcIssuer[],
): Promise<AdminsWhoSignIn> {
  const accounts = readModels.accounts();
  const without: AccountWithoutAdmin[] = [];
  for (const account of accounts) {
    const speaking = new Set(
      issuers.filter((each) => maySpeakFor(each, account)).map(({ issuer }) => issuer),
    );
    const admins = await adminsOf(readModels, account, speaking);
    if (admins !== 'sign in') without.push({ account, hasAdmins: admins === 'some' });
  }
  return { accounts: accounts.length, without };
}

const maySpeakFor = ({ accounts, account: from }: OidcIssuer, account: string): boolean =>
  (accounts?.includes(account) ?? true) && (!('fixed' in from) || from.fixed === account);

async function adminsOf(
  readModels: Pick<ReadModels, 'view'>,
  account: string,
  issuers: ReadonlySet<string>,
): Promise<'sign in' | 'some' | 'none'> {
  const view = readModels.view(account);
  let found: 'some' | 'none' = 'none';
  for await (const admins of pagesOf((page) =>
    view.roleUsers(ACCOUNT_ADMIN, { status: 'ACTIVE' }, null, page),
  )) {
    // A service user does not count as the admin who must stay.
    const people = admins.filter(({ user }) => user.kind === 'PERSON').map(({ user }) => user.id);
    const identities = view.identities(people);
    if ([...identities.values()].flat().some(({ issuer }) => issuers.has(issuer))) return 'sign in';
    if (people.length > 0) found = 'some';
  }
  return found;
}
