import type { CatalogueEntryDiff } from '../src/domain/catalogue/entry-diff';
import type { HistoryNumber } from '../src/shared/position-codec';
import type { Append } from './history-rows';
import type { Ordinal } from './numbers';

/** Differences between two moments, as a view tells them. The later moment is that of the view. */

export interface AccessDiffFilter {
  /** The earlier moment: an ordinal up to that of the view. */
  readonly from: Ordinal;
  /** One user, or those who were in a role at one of the two moments, at which it had not ended; null: everybody. */
  readonly among: { readonly user: string } | { readonly role: string } | null;
  /** Only differences of this permission; left out: of all. */
  readonly permission?: string | null;
}

/** A permission that a user gained or lost; of one held at both moments only the scopes that differ. */
export interface AccessChange {
  readonly permission: string;
  readonly scopes: readonly string[];
}

export interface UserAccessDiff {
  /** Id of the user. */
  readonly user: string;
  /** In the order of the catalogue, both. */
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
}

/** Users whose access differs. One who gained and lost something counts as both. */
export interface AccessDiffCounts {
  readonly users: number;
  readonly gaining: number;
  readonly losing: number;
}

/**
 * Entries of history that made the changes of a user, oldest first, beside the changes: for the permission and for each
 * scope that was gained (or lost) the last event, up to the moment of the view, that gave (or took) it.
 */
export interface AccessCauses {
  readonly gained: readonly (readonly HistoryNumber[])[];
  readonly lost: readonly (readonly HistoryNumber[])[];
}

/** A difference of the catalogue, and the publications that made it, oldest first. */
export interface CatalogueDiffRow extends CatalogueEntryDiff {
  readonly publications: readonly Ordinal[];
}

/** Changes of access of one user, to one permission, or both; one of the two is given. */
export interface AccessHistoryFilter {
  readonly user: string | null;
  readonly permission: string | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/** Access of a user that one append changed. */
export interface UserAccessChange extends UserAccessDiff {
  readonly append: Append;
  /** Ordinal of its first entry of history. */
  readonly entry: Ordinal;
}
