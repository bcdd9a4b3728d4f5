import type { ActorRights, DecisionReads } from '../commands/decision-reads';
import type { Catalogue } from '../domain/catalogue/catalogue';
import { givenBeyondRight } from '../domain/role/grants';

/** Rights that reads need, from the caller's Rolebook roles. The command bus decides the rights that mutations need. */
export const VIEW_ROLES = 'roles/view';
export const VIEW_USERS = 'users/view';
export const VIEW_HISTORY = 'audit-log/view';
export const MANAGE_USERS = 'users/manage';
export const CHECK_ACCESS = 'access/check';

/** The caller of a request, with the present rights, even if the answer is as of the past. */
export class Caller {
  /** Fields that were refused to the caller, as `Type.field`. */
  readonly refused = new Set<string>();
  private known: ActorRights | undefined;
  private beyond: { readonly catalogue: Catalogue; readonly keys: ReadonlySet<string> } | undefined;

  constructor(
    readonly account: string,
    readonly user: string,
    private readonly reads: DecisionReads,
  ) {}

  may(permission: string): boolean {
    return this.rights().may(permission);
  }

  /** True if the caller may give a permission to others: a privileged one only if it is granted to the caller. */
  mayGive({ key, privileged }: { readonly key: string; readonly privileged: boolean }): boolean {
    return !privileged || this.rights().isGranted(key);
  }

  /** Privileged permissions of the present catalogue, retired ones too, that the caller may not give to others. */
  beyondRight(catalogue: Catalogue): ReadonlySet<string> {
    const mayGive = (key: string): boolean => this.mayGive({ key, privileged: true });
    if (this.beyond?.catalogue !== catalogue) {
      const keys = new Set(givenBeyondRight(catalogue.permission.keys(), { catalogue, mayGive }));
      this.beyond = { catalogue, keys };
    }
    return this.beyond.keys;
  }

  /** Clears the cache: a mutation may have changed the rights. */
  forget(): void {
    this.known = undefined;
    this.beyond = undefined;
  }

  private rights(): ActorRights {
    return (this.known ??= this.reads.rights(this.account, this.user));
  }
}
