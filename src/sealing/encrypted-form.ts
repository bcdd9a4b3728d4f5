import { LRUCache } from 'lru-cache';
import { usernameClaims } from '../domain/claim/claim';
import { catalogueEvents } from '../domain/catalogue/events';
import type { ClaimEvent, ClaimKind } from '../domain/claim/events';
import { schemaVersionOf, traitsOf } from '../domain/event-versions';
import { repairEvents, type RepairEvent } from '../domain/repair/events';
import type { FenceEvent } from '../domain/role/events';
import { newerSchema } from '../domain/schema-versions';
import { eventFaults } from '../domain/sound-event';
import type { UserEvent } from '../domain/user/events';
import type {
  EventStore,
  JsonObject,
  JsonValue,
  LogOrigin,
  RecordedEvent,
} from '../event-store/port/event-store';
import { claimStream, parseStream, type StreamName } from '../event-store/port/streams';
import { KeyBookError, NO_ACCOUNT, type DataKey } from '../keys/port/key-book';
import { eventDigest } from '../repair/digest';
import { demandReadable } from '../repair/newer';
import { isRepair, readVoids, voidOf } from '../repair/voids';
import { keysIn } from './keys-in';
import type { NewUserIds } from './new-user-ids';
import { changedAt, reasonFields } from './personal-fields';
import type { AccountSealing, Sealing } from './sealing';

/** Users whose keys are at hand; those of others are found on their streams in the target. */
const USERS_KEPT = 50_000;

type Streams = Pick<EventStore, 'readStream'>;
type OfAccount = StreamName & { readonly account: string };

/**
 * Form of a log of format 1 in format 2: what is personal is encrypted, what anyone could compute of it is keyed. Order,
 * times, facts, and ids of accounts, users and roles stay; ids of events, ids of commands under a client's key, and names
 * of claims on usernames change. Every event on a user's stream is encrypted by one key of the user.
 *
 * The same event gives the same bytes each time, so that a copy can be taken up again and compared. A user's key is
 * learnt from what the target holds of the user, and made where it holds nothing.
 */
export class EncryptedForm {
  readonly format = 2;
  readonly #accounts = new Map<string, Promise<AccountSealing>>();
  readonly #keys = new LRUCache<string, DataKey>({ max: USERS_KEPT });

  /** `sealing`: with IVs that follow from what is encrypted. `userIds`: others for those that were made from usernames. */
  constructor(
    private readonly logs: { readonly source: Streams; readonly target: Streams },
    private readonly sealing: Sealing,
    readonly origin: LogOrigin,
    private readonly userIds: NewUserIds | null = null,
  ) {}

  /**
   * The event as the copy holds it. `there`: what the target holds in its place, null where it holds nothing yet.
   * @throws NewerEventError, EventStoreError; KeyBookError, `KEY_BOOK_MISMATCH` where the target's key book lacks the key
   *   of a user
   */
  async of(event: RecordedEvent, there: RecordedEvent | null): Promise<RecordedEvent> {
    const place = parseStream(event.stream);
    if (eventFaults(event, place).length > 0 || isMisplaced(event, place))
      return this.#unsound(event, place, there);
    if (isOfAccount(place)) return this.#sound(event, place, there);
    return isRepair(event.stream) ? this.#declaration(event) : this.#ofNoAccount(event);
  }

  async #sound(
    before: RecordedEvent,
    placeBefore: OfAccount,
    there: RecordedEvent | null,
  ): Promise<RecordedEvent> {
    const sealing = await this.#account(placeBefore.account);
    const event = this.#renamed(before, placeBefore, sealing);
    const place = event === before ? placeBefore : (parseStream(event.stream) as OfAccount);
    const key = await this.#keyOn(place, { event, there });
    const id = sealing.uuid(event.id);
    const { type, stream, metadata } = event;
    const kind = place.category === 'claim' ? kindOf(event) : null;
    const data = keyedData(event, place, sealing);
    const { commandId, keyed, inputHash, reason } = metadata as {
      readonly [field: string]: string | undefined;
    };
    const command = keyed === 'true' ? sealing.uuid(commandId!) : commandId!;
    return {
      ...event,
      id,
      stream: keyedStream(stream, place, { kind, sealing }),
      data: key === null ? data : sealing.sealData({ id, type, data }, place.id ?? '', key),
      metadata: {
        ...metadata,
        commandId: command,
        inputHash: sealing.digest(inputHash!),
        ...(reason ? { reason: sealing.sealReason(reason, command, key) } : {}),
        schemaVersion: schemaVersionOf(
          { type, data },
          { ...traitsOf(metadata), sealedReason: Boolean(reason) },
        ),
      },
    };
  }

  /** Encrypts all of an event that was declared void: nobody knows where in it something personal is. */
  async #unsound(
    event: RecordedEvent,
    place: StreamName | null,
    there: RecordedEvent | null,
  ): Promise<RecordedEvent> {
    if (newerSchema(event) !== null && !(await readVoids(this.logs.source)).of(event)) demandReadable(event);
    const sealing = await this.#account(place?.account ?? NO_ACCOUNT);
    const { stream } = this.#renamed(event, place, sealing);
    const key = isOfAccount(place) ? await this.#keyOn(place, { event: { ...event, stream }, there }) : null;
    const id = sealing.uuid(event.id);
    const { data, metadata } = event;
    const kind = place?.category === 'claim' ? await this.#kindOfClaim(stream) : null;
    const sealed = sealing.sealReason(JSON.stringify({ data, metadata }), id, key);
    return {
      ...event,
      id,
      stream: isOfAccount(place) ? keyedStream(stream, place, { kind, sealing }) : stream,
      data: sealed as JsonObject,
      metadata: {},
    };
  }

  /** A declaration that an event is void names the event as the copy has it. */
  async #declaration(event: RecordedEvent): Promise<RecordedEvent> {
    const about = await this.#declaredBy(event);
    if (about === null) return this.#ofNoAccount(event);
    const { id, stream } = about;
    const named: Partial<RepairEvent['data']> = { event: id, stream, digest: eventDigest(about) };
    return this.#ofNoAccount({ ...event, data: { ...event.data, ...named } });
  }

  /** The event that is void by a declaration, as the copy has it; null for one that names none: it has no effect anywhere. */
  async #declaredBy(event: RecordedEvent): Promise<RecordedEvent | null> {
    const declared = voidOf(event);
    const about = declared && (await eventAt(this.logs.source, declared));
    if (!about || about.id.toLowerCase() !== declared.event) return null;
    return eventDigest(about) === declared.digest ? this.of(about, null) : null;
  }

  /** Encrypts the reason of an event of the catalogue or of a repair; nothing else in it is personal. */
  async #ofNoAccount(event: RecordedEvent): Promise<RecordedEvent> {
    const { type, data, metadata } = event;
    const { reason, commandId } = metadata;
    const texts = reasonFields(type);
    if (reason === undefined && texts.length === 0) return event;
    const sealing = await this.#account(NO_ACCOUNT);
    const sealed = (text: JsonValue): JsonValue =>
      typeof text === 'string' ? sealing.sealReason(text, String(commandId), null) : text;
    const copied = { type, data: changedAt(data, texts, sealed) };
    return {
      ...event,
      ...copied,
      metadata: {
        ...metadata,
        ...(reason === undefined ? {} : { reason: sealed(reason) }),
        schemaVersion: schemaVersionOf(copied, { ...traitsOf(metadata), sealedReason: reason !== undefined }),
      },
    };
  }

  /** The event in clear with the ids that users have in the copy. */
  #renamed(event: RecordedEvent, place: StreamName | null, sealing: AccountSealing): RecordedEvent {
    return this.userIds && place ? this.userIds.renamed(event, place, sealing) : event;
  }

  #account(account: string): Promise<AccountSealing> {
    let sealing = this.#accounts.get(account);
    if (!sealing) this.#accounts.set(account, (sealing = this.sealing.openAccount(account)));
    return sealing;
  }

  /** Key of the user whose stream it is; null on other streams. */
  async #keyOn(
    { category, account, id }: OfAccount,
    { event, there }: { readonly event: RecordedEvent; readonly there: RecordedEvent | null },
  ): Promise<DataKey | null> {
    if (category !== 'user') return null;
    const user = `${account}.${id}`;
    const known = this.#keys.get(user);
    if (known) return known;
    const sealing = await this.#account(account);
    const key = await this.#keyThere(sealing, event, there);
    this.#keys.set(user, key);
    return key;
  }

  async #keyThere(
    sealing: AccountSealing,
    { stream, revision }: RecordedEvent,
    there: RecordedEvent | null,
  ): Promise<DataKey> {
    let id = there === null ? undefined : keysIn(there)[0];
    // The first event of a stream has none before it in the target.
    if (id === undefined && revision > 0)
      for await (const event of this.logs.target.readStream(stream)) if ((id = keysIn(event)[0])) break;
    const key = id === undefined ? await sealing.newKey() : await sealing.findKey(id);
    if (key !== null) return key;
    throw new KeyBookError(
      'KEY_BOOK_MISMATCH',
      `The key of ${stream} is not in the key book of the target: it was erased since, or the book is another one.`,
    );
  }

  /** Kind of the claims on a stream; null where no event of it is sound. */
  async #kindOfClaim(stream: string): Promise<ClaimKind | null> {
    for await (const event of this.logs.source.readStream(stream))
      if (eventFaults(event, parseStream(stream)).length === 0) return kindOf(event);
    return null;
  }
}

/** True for an event among those of no account that is none of theirs: nobody knows what is in it. */
const isMisplaced = ({ type, stream }: RecordedEvent, place: StreamName | null): boolean =>
  !isOfAccount(place) && !Object.hasOwn(isRepair(stream) ? repairEvents : catalogueEvents, type);

const isOfAccount = (place: StreamName | null): place is OfAccount =>
  place !== null && place.account !== null;

async function eventAt(
  store: Streams,
  { stream, revision: from }: { readonly stream: string; readonly revision: number },
): Promise<RecordedEvent | null> {
  for await (const event of store.readStream(stream, { from, limit: 1 })) return event;
  return null;
}

/** A claim on a username is under a name that nobody can compute of the username; other claims tell of no person. */
const keyedStream = (
  stream: string,
  { category, account, id }: OfAccount,
  { kind, sealing }: { readonly kind: ClaimKind | null; readonly sealing: AccountSealing },
): string =>
  category === 'claim' && id !== null && kind === 'USERNAME'
    ? claimStream(account, sealing.claim(id))
    : stream;

const kindOf = ({ data }: RecordedEvent): ClaimKind => (data as unknown as ClaimEvent['data']).kind;

/** Data with the claims of a new username named, and with those that are named keyed. */
function keyedData(
  { type, data }: RecordedEvent,
  { category }: OfAccount,
  sealing: AccountSealing,
): JsonObject {
  if (category !== 'user') return data;
  const event = { type, data } as unknown as UserEvent | FenceEvent;
  switch (event.type) {
    case 'UserRegistered':
      return { ...data, claims: claimsOn(event.data.username, sealing) };
    case 'UserProfileChanged':
      return { ...data, claims: claimsOn(event.data.to.username, sealing) };
    case 'ClaimAbandoned':
      return { ...data, claim: sealing.claim(event.data.claim) };
    default:
      return data;
  }
}

const claimsOn = (username: string, sealing: AccountSealing): string[] =>
  usernameClaims(username).map((id) => sealing.claim(id));
