import DataLoader from 'dataloader';
import type { EffectivePermissions, Grant, NameAsked, RoleRow, UserRow, View } from '../../projections/view';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { RequestContext } from './context';

/**
 * One view and what was read in it: everything nested in an object is read in the object's own moment, in batches,
 * so that a list costs as many statements as one of its items.
 */
export class Moment {
  private account: ReturnType<View['accountInfo']> | undefined;

  constructor(
    readonly view: View,
    readonly request: RequestContext,
  ) {}

  get catalogue(): Catalogue {
    return this.view.catalogue();
  }

  get accountInfo(): NonNullable<ReturnType<View['accountInfo']>> | null {
    if (this.account === undefined) this.account = this.view.accountInfo();
    return this.account;
  }

  /** Whether the account has a feature enabled at this moment. */
  isEnabled(feature: string): boolean {
    return this.accountInfo?.features.has(feature) ?? false;
  }

  readonly roles = this.loader<RoleRow>((ids) => this.view.roles(ids));
  readonly users = this.loader<UserRow>((ids) => this.view.users(ids));
  readonly grants = this.loader<readonly Grant[]>((roles) => this.view.grants(roles));
  readonly rolesOf = this.loader<readonly string[]>((users) => this.view.rolesOf(users));

  readonly effective = this.loader<EffectivePermissions>((users) => this.view.effective(users));
  /** What roles and users were called when something happened. */
  readonly namesThen = new DataLoader<NameAsked, string | null, string>(
    (asked) => Promise.resolve(this.view.namesThen(asked)),
    { cacheKeyFn: ({ kind, id, at }) => `${kind} ${id} ${at}` },
  );

  private loader<Value>(
    read: (ids: readonly string[]) => ReadonlyMap<string, Value>,
  ): DataLoader<string, Value | null> {
    return new DataLoader((ids) => {
      const found = read(ids);
      return Promise.resolve(ids.map((id) => found.get(id) ?? null));
    });
  }
}
