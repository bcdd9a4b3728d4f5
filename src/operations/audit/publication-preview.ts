import {
  InvalidCursorError,
  type PublicationPreview,
  type ReadModels,
  type RoleRow,
  type UserAccessDiff,
  type View,
} from '../../../projections/view';
import type { CatalogueContent } from '../../domain/catalogue/catalogue';
import { applyPublication } from '../../domain/catalogue/evolve';
import { diffCatalogue, publishedEvent } from '../../domain/catalogue/diff';
import type { CatalogueFile } from '../../domain/catalogue/file';

/** Effect of a publication of the catalogue on all accounts, before it is published. Nothing is written. */

/** The read models, and the accounts that they hold. */
export type PreviewedModels = Pick<ReadModels, 'view'> & { accounts(): readonly string[] };

/** Effect on one account, in numbers. */
export interface AccountEffect {
  readonly account: string;
  readonly roles: readonly RoleRow[];
  readonly users: number;
  readonly gaining: number;
  readonly losing: number;
}

/** A user whose access would change. */
export interface UserEffect extends Pick<UserAccessDiff, 'gained' | 'lost'> {
  readonly account: string;
  readonly user: string;
  readonly username: string;
  readonly name: string;
  /** Cursor behind which the list goes on. */
  readonly cursor: string;
}

/** The content that a publication of the file would leave. */
export function contentAfter(content: CatalogueContent, file: CatalogueFile): CatalogueContent {
  const staged = diffCatalogue(content, file, 'preview');
  return applyPublication(content, staged, publishedEvent(content, file, 'preview', staged));
}

/** The accounts in their order, as of one moment. */
export class EffectOfPublication {
  private readonly at: View['pin']['ordinal'];

  constructor(
    private readonly readModels: PreviewedModels,
    private readonly content: CatalogueContent,
    /** Only this account; null: all. */
    private readonly only: string | null,
  ) {
    this.at = readModels.view('').pin.ordinal;
  }

  async *accounts(): AsyncGenerator<AccountEffect> {
    for (const account of this.#accounts()) {
      const roles = await this.#of(account).roles();
      yield { account, roles, ...(await this.#of(account).countAffected()) };
    }
  }

  /** Account by account, in the order of registration; `after`: a cursor. @throws InvalidCursorError */
  async *users(after: string | null, pageSize: number): AsyncGenerator<UserEffect> {
    const accounts = this.#accounts();
    const [begun = null, cursor = null] = after === null ? [] : split(after);
    const from = begun === null ? 0 : accounts.indexOf(begun);
    if (from < 0) throw new InvalidCursorError('the cursor is of none of these accounts');
    for (const [index, account] of accounts.slice(from).entries())
      yield* this.#usersOf(account, index === 0 ? cursor : null, pageSize);
  }

  async *#usersOf(account: string, first: string | null, pageSize: number): AsyncGenerator<UserEffect> {
    for (let after = first, more = true; more;) {
      const { items, hasMore } = await this.#of(account).affected({ first: pageSize, after });
      const users = this.#view(account).users(items.map(({ item }) => item.user));
      for (const { item, cursor } of items) {
        const { username = '', name = '' } = users.get(item.user) ?? {};
        yield { account, username, name, ...item, cursor: `${account}:${cursor}` };
        after = cursor;
      }
      more = hasMore;
    }
  }

  #accounts(): readonly string[] {
    return this.only === null ? this.readModels.accounts() : [this.only];
  }

  /** A view for each question: the work of one is counted by itself. */
  #view(account: string): View {
    return this.readModels.view(account, { ordinal: this.at });
  }

  #of(account: string): PublicationPreview {
    return this.#view(account).previewPublication(this.content);
  }
}

function split(cursor: string): readonly [account: string, cursor: string] {
  const end = cursor.indexOf(':');
  return [cursor.slice(0, Math.max(0, end)), cursor.slice(end + 1)];
}
