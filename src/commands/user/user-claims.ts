import { externalIdClaim, identityClaim, usernameClaims } from '../../domain/claim/claim';
import type { ClaimKind } from '../../domain/claim/events';
import { refusal, type Refusal } from '../../domain/refusal';
import type { ClaimedIdentity, ExternalIdentity, UserEvent, UserProfile } from '../../domain/user/events';
import type { UserState } from '../../domain/user/user';
import {
  claimsGivenUp,
  couldTakeNames,
  takeNames,
  type Claim,
  type ClaimResult,
  type HolderCheck,
} from '../claims';
import type { CommandSession } from '../session';
import type { Claims, Ruling } from '../transact';

/** Claims of users: what no two users of an account may have is decided on these alone, never on decrypted texts. */

type UserClaimKind = Exclude<ClaimKind, 'ROLE_NAME' | 'ROLE_CONFLICT'>;
type ClaimIds = Readonly<Record<UserClaimKind, readonly string[]>>;

/** In the order in which one command takes them. One that is refused leaves the former behind, for a taker to fence off. */
const KINDS: readonly UserClaimKind[] = ['USERNAME', 'EXTERNAL_ID', 'IDENTITY'];

const REFUSALS = {
  USERNAME: { subject: 'username', taken: 'USERNAME_TAKEN', suppressed: 'USERNAME_SUPPRESSED' },
  EXTERNAL_ID: { subject: 'externalId', taken: 'EXTERNAL_ID_TAKEN', suppressed: 'EXTERNAL_ID_SUPPRESSED' },
  IDENTITY: { subject: 'identity', taken: 'IDENTITY_TAKEN', suppressed: 'IDENTITY_SUPPRESSED' },
} as const;

/** Ids of the claims on a username. */
export const usernameClaimIds = ({ sealing }: CommandSession, username: string): string[] =>
  usernameClaims(username).map((id) => sealing.claim(id));

/** An identity with the id of its claim, by which alone it is compared. */
export const claimed = (
  { sealing }: CommandSession,
  { issuer, subject }: ExternalIdentity,
): ClaimedIdentity => ({ issuer, subject, claim: sealing.claim(identityClaim({ issuer, subject })) });

/** Names the claims in the events that set a profile, since the log does not tell the username and external id themselves. */
export function withClaims(session: CommandSession, ruling: Ruling<UserEvent>): Ruling<UserEvent> {
  if (!ruling.accepted) return ruling;
  const events = ruling.events.map((event): UserEvent => {
    const profile = profileAfter(event);
    if (profile === null) return event;
    const { username, externalId } = profile;
    const claims = usernameClaimIds(session, username);
    const further =
      externalId == null ? {} : { externalIdClaim: session.sealing.claim(externalIdClaim(externalId)) };
    // First, as they are in canonical JSON: what is in its order is written without being sorted.
    return { ...event, data: { claims, ...further, ...event.data } } as UserEvent;
  });
  return { ...ruling, events };
}

function profileAfter(event: UserEvent): UserProfile | null {
  if (event.type === 'UserRegistered') return event.data;
  return event.type === 'UserProfileChanged' ? event.data.to : null;
}

/** Claims on a new username, external id or identity, and those on what is given up; null if all stay. */
export function claimsOfChange(
  session: CommandSession,
  user: string,
  events: readonly UserEvent[],
  state: UserState,
): Claims | null {
  if (!events.some(({ type }) => CLAIMING.has(type))) return null;
  const before = state.registered ? claimsHeld(session, state) : NONE;
  const after = events.reduce(claimsAfter, before);
  // A change of the case of a username alone claims and gives up nothing.
  const changed = KINDS.filter((kind) => !isSame(before[kind], after[kind]));
  if (changed.length === 0) return null;
  const claimsOn = (kind: UserClaimKind, ids: ClaimIds): readonly Claim[] =>
    ids[kind].map((id) => ({ kind, id, owner: user, users: [] }));
  const wantedOf = (kind: UserClaimKind): readonly Claim[] => {
    const wanted = claimsOn(kind, after);
    // Other identities stay: the user's stream says so, and their claims are not at stake.
    return kind === 'IDENTITY' ? claimsGivenUp(wanted, claimsOn(kind, before)) : wanted;
  };
  return {
    take: async () => {
      // Looked at before others are taken: sign-ins with the identity of another would claim a username each time.
      if (changed.length > 1 && (await look(session, 'IDENTITY', wantedOf('IDENTITY'))) !== 'taken') {
        // Others come first in what is told: an import asks by the username who is there already.
        for (const kind of changed) {
          const found = await look(session, kind, wantedOf(kind));
          if (found !== 'taken') return found;
        }
      }
      for (const [index, kind] of changed.entries()) {
        const taken = await take(session, kind, wantedOf(kind));
        if (taken === 'conflict') return taken;
        if (taken !== 'taken') return { ...taken, afterOthers: index > 0 };
      }
      return 'taken';
    },
    givenUp: changed.flatMap((kind) => claimsGivenUp(claimsOn(kind, before), claimsOn(kind, after))),
  };
}

const NONE: ClaimIds = { USERNAME: [], EXTERNAL_ID: [], IDENTITY: [] };

const CLAIMING: ReadonlySet<UserEvent['type']> = new Set<UserEvent['type']>([
  'UserRegistered',
  'UserProfileChanged',
  'UserIdentityLinked',
  'UserIdentityUnlinked',
]);

const isSame = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && after.every((id) => before.includes(id));

function claimsAfter(held: ClaimIds, { type, data }: UserEvent): ClaimIds {
  switch (type) {
    case 'UserRegistered':
    case 'UserProfileChanged':
      return { ...held, USERNAME: data.claims ?? [], EXTERNAL_ID: listOf(data.externalIdClaim) };
    case 'UserIdentityLinked':
      return { ...held, IDENTITY: [...held.IDENTITY, data.identityClaim] };
    case 'UserIdentityUnlinked':
      return { ...held, IDENTITY: held.IDENTITY.filter((id) => id !== data.identityClaim) };
    default:
      return held;
  }
}

/** Ids of the claims that a user has; on a username made of itself where the log has it in clear. */
const claimsHeld = (
  session: CommandSession,
  { claims, username, externalIdClaim: id, identities }: UserState,
): ClaimIds => ({
  USERNAME: claims ?? (typeof username === 'string' ? usernameClaimIds(session, username) : []),
  EXTERNAL_ID: listOf(id),
  IDENTITY: identities,
});

const listOf = (id: string | null | undefined): readonly string[] => (id == null ? [] : [id]);

const take = (session: CommandSession, kind: UserClaimKind, claims: readonly Claim[]): Promise<ClaimResult> =>
  takeNames<UserState>(session, claims, holderCheck(session, kind, claims));

const look = (session: CommandSession, kind: UserClaimKind, claims: readonly Claim[]): Promise<ClaimResult> =>
  couldTakeNames<UserState>(session, claims, holderCheck(session, kind, claims));

function holderCheck(
  session: CommandSession,
  kind: UserClaimKind,
  claims: readonly Claim[],
): HolderCheck<UserState> {
  const ids = claims.map(({ id }) => id);
  return (other, held) => (bears(session, held, kind, ids) ? [bearerRefusal(kind, other, held)] : []);
}

/**
 * True if nobody else may take these claims: what they are on is the user's, or was it at the erasure and is not released.
 */
export const bears = (
  session: CommandSession,
  held: UserState,
  kind: UserClaimKind,
  ids: readonly string[],
): boolean =>
  held.registered && !held.released && claimsHeld(session, held)[kind].some((id) => ids.includes(id));

/** Refusal of a username, external id or identity that is another's. */
function bearerRefusal(kind: UserClaimKind, other: string, { erased }: UserState): Refusal {
  const { subject, taken, suppressed } = REFUSALS[kind];
  return refusal(erased ? suppressed : taken, { subject: [subject], idsOf: 'user', ids: [other] });
}
