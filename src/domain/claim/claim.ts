import { hash } from 'node:crypto';
import { Map as ImmutableMap } from 'immutable';
import { FOLDING_PREFIX, keysToClaim, tidyExternalId } from '../text';
import type { ExternalIdentity } from '../user/events';
import type { ClaimEvent, ClaimKind } from './events';

/** State of one claim stream: the owner that last reserved the key. */
export interface ClaimState {
  /** Owner of the last `Claimed`, unless released since. For names, usernames, external ids and identities. */
  readonly holder: string | null;
  /** Last claimer by user. For role conflicts, where each user is claimed alone. */
  readonly byUser: ImmutableMap<string, string>;
}

export const NEW_CLAIM: ClaimState = { holder: null, byUser: ImmutableMap() };

/** The state after one more event. */
export function evolveClaim(state: ClaimState, event: ClaimEvent): ClaimState {
  const { owner, users } = event.data;
  switch (event.type) {
    case 'Claimed':
      return {
        holder: owner,
        byUser: state.byUser.withMutations((byUser) => users.forEach((user) => byUser.set(user, owner))),
      };
    case 'Released':
      return {
        holder: state.holder === owner ? null : state.holder,
        byUser: state.byUser.withMutations((byUser) =>
          users.forEach((user) => byUser.get(user) === owner && byUser.delete(user)),
        ),
      };
  }
}

/** Id of a claim stream: a hash, for the claimed value may be personal, and names are not ids. */
function claimId(kind: ClaimKind, key: string): string {
  return hash('sha256', `${kind}\n${key}`, 'base64url');
}

/** Ids of the claims on a role’s name, all of which are taken: one, or two if it has default-ignorable code points. */
export const roleNameClaims = (name: string): readonly string[] =>
  keysToClaim(name).map((key) => claimId('ROLE_NAME', FOLDING_PREFIX + key));
/** Ids of the claims on a username, as those on a role’s name. */
export const usernameClaims = (username: string): readonly string[] =>
  keysToClaim(username).map((key) => claimId('USERNAME', FOLDING_PREFIX + key));
/** Id of the claim on an external id: one, since it is recorded in the form in which it is compared. */
export const externalIdClaim = (externalId: string): string =>
  claimId('EXTERNAL_ID', tidyExternalId(externalId));
/** Id of the claim on an identity, compared exactly. Neither text has a line break: no two identities have one claim. */
export const identityClaim = ({ issuer, subject }: ExternalIdentity): string =>
  claimId('IDENTITY', `${issuer}\n${subject}`);
export const conflictClaim = (a: string, b: string): string =>
  claimId('ROLE_CONFLICT', [a, b].sort().join('\n'));
