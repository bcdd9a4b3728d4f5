import { LRUCache } from 'lru-cache';
import {
  Catalogue,
  EMPTY_CATALOGUE,
  type CatalogueContent,
  type DefaultRole,
} from '../../src/domain/catalogue/catalogue';
import { BEFORE_FIRST, type Ordinal } from '../numbers';
import { permissionsTakenUp, publicationAt, readContent, readFormer, type Former } from '../tables/catalogue';
import { lastRoleChanges } from '../tables/catalogue-changes';
import type { Sql } from '../tables/sqlite/sql';
import type { Grant } from '../view';

/** Number of permissions that a default role grants, and of distinct scopes with them. */
interface GrantCounts {
  readonly permissions: number;
  readonly scopes: number;
}

/** The catalogue as of one publication, with the data that queries need of its default roles. */
export class CatalogueSnapshot {
  /** Present default roles, in the order of the file. */
  readonly defaultRoles: readonly DefaultRole[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #grants = new Map<string, ReadonlyMap<string, Grant>>();
  readonly #counts = new Map<string, GrantCounts>();

  constructor(
    readonly catalogue: Catalogue,
    private readonly former: ReadonlyMap<string, Former>,
    private readonly changed: ReadonlyMap<string, Ordinal>,
    /** Ordinals since which permissions are in the catalogue, by key; one that left and came back, since it came back. */
    readonly takenUp: ReadonlyMap<string, Ordinal> = new Map(),
  ) {
    this.defaultRoles = catalogue.content.defaultRoles.filter(({ retired }) => !retired);
    this.#order = new Map(catalogue.content.defaultRoles.map(({ key }, index) => [key, index]));
  }

  /** The catalogue as a publication of that content, at an ordinal, would leave it. */
  published(content: CatalogueContent, at: Ordinal): CatalogueSnapshot {
    const former = content.defaultRoles.flatMap(({ key, retired }): [string, Former][] => {
      const { permissions = [] } = this.catalogue.defaultRole.get(key) ?? {};
      return retired ? [[key, this.former.get(key) ?? { since: at, permissions }]] : [];
    });
    return new CatalogueSnapshot(new Catalogue(content), new Map(former), this.changed, this.takenUp);
  }

  /** Index of a default role among all; undefined for any other id. */
  orderOf(role: string): number | undefined {
    return this.#order.get(role);
  }

  /** Ordinal of the retirement of a default role; null for a present one. */
  retiredSince(role: string): Ordinal | null {
    return this.former.get(role)?.since ?? null;
  }

  /** Ordinal of the last publication that changed a default role. */
  changedAt(role: string): Ordinal {
    return this.changed.get(role) ?? BEFORE_FIRST;
  }

  /** Grants of a default role, or its last ones if retired, each with all scopes of the permission; in file order. */
  grantsOf(role: DefaultRole): ReadonlyMap<string, Grant> {
    const known = this.#grants.get(role.key);
    if (known) return known;
    const { permission: permissions } = this.catalogue;
    const keys = this.former.get(role.key)?.permissions ?? role.permissions;
    const grants = keys
      .map((permission) => ({ permission, scopes: permissions.get(permission)?.scopes ?? [] }))
      .sort((a, b) => this.catalogue.orderOf(a.permission) - this.catalogue.orderOf(b.permission));
    const found = new Map(grants.map((grant) => [grant.permission, grant]));
    this.#grants.set(role.key, found);
    return found;
  }

  countsOf(role: DefaultRole): GrantCounts {
    let counts = this.#counts.get(role.key);
    if (!counts) {
      const grants = [...this.grantsOf(role).values()];
      const scopes = new Set(grants.flatMap((grant) => grant.scopes));
      this.#counts.set(role.key, (counts = { permissions: grants.length, scopes: scopes.size }));
    }
    return counts;
  }
}

const EMPTY = new CatalogueSnapshot(EMPTY_CATALOGUE, new Map(), new Map());

/** Snapshots by publication; a few are in use at a time. */
export class CatalogueSnapshots {
  readonly #byPublication = new LRUCache<Ordinal, CatalogueSnapshot>({ max: 8 });

  at(sql: Sql, ordinal: Ordinal): CatalogueSnapshot {
    const publication = publicationAt(sql, ordinal);
    if (!publication) return EMPTY;
    let snapshot = this.#byPublication.get(publication.n);
    if (!snapshot) {
      const { n } = publication;
      const catalogue = new Catalogue(readContent(sql, publication));
      snapshot = new CatalogueSnapshot(
        catalogue,
        readFormer(sql, n),
        lastRoleChanges(sql, n),
        permissionsTakenUp(sql, n),
      );
      this.#byPublication.set(publication.n, snapshot);
    }
    return snapshot;
  }
}
