import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 } from 'uuid';
import { schemaVersionOf, traitsOf } from '../../domain/event-versions';
import type { EventMetadata } from '../../domain/events';
import { nameBasedId } from '../../domain/name-based-id';
import { barOf, hasActiveAdmin } from '../../domain/role/membership';
import type { RoleEvent } from '../../domain/role/events';
import { evolveRole, NEW_ROLE, type RoleState } from '../../domain/role/state';
import { eventFaults } from '../../domain/sound-event';
import type { LoggedUserEvent, UserEvent } from '../../domain/user/events';
import { decideErase, evolveUser, NEW_USER, type UserState } from '../../domain/user/user';
import { ACCOUNT_ADMIN } from '../../domain/vocabulary';
import { appendUntilKnown } from '../../event-store/port/append-until-known';
import type { EventStore, JsonObject, NewEvent, RecordedEvent } from '../../event-store/port/event-store';
import { canonicalJson } from '../../event-store/port/json';
import { parseStream, roleStream, userStream } from '../../event-store/port/streams';
import { readVoids, type Voids } from '../../repair/voids';
import type { Erasure } from './erasure-list';
import { BackupError } from './errors';

/**
 * Erasures that were made after a backup was taken, recorded again in the log that was restored from it. They have
 * happened, so that no rule of now refuses one, that of the last admin included.
 */

export interface EraseAgainTools {
  /** The restored log, which nobody else writes to. */
  readonly store: EventStore;
  /** Id of the operator, for the record. */
  readonly operator: string;
  /** The operator's machine; left out: not known. */
  readonly host?: string;
  readonly now: () => Date;
  readonly pause?: (milliseconds: number) => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ErasedAgain {
  /** Users who were erased now. */
  readonly erased: readonly Erasure[];
  /** Users who were erased in the log already. */
  readonly before: readonly Erasure[];
  /** Number of users whom the log does not have, since they were registered after the backup. */
  readonly absent: number;
  /** Accounts of users in the list in which no admin is active any more. */
  readonly withoutAdmin: readonly string[];
}

/**
 * Records what is missing: the bar on `account-admin` first, then the erasure. Ids of the events follow from the erasure,
 * so that a process which was killed goes on where it stopped.
 * @throws BackupError `RESTORE_NOT_EMPTY` if another process writes to the log; EventStoreError
 */
export async function eraseAgain(tools: EraseAgainTools, erasures: readonly Erasure[]): Promise<ErasedAgain> {
  const again = new Again(tools, await readVoids(tools.store));
  const outcome = { erased: [] as Erasure[], before: [] as Erasure[], absent: 0 };
  for (const [index, erasure] of erasures.entries()) {
    const done = await again.erase(erasure);
    if (done === 'absent') outcome.absent += 1;
    else outcome[done].push(erasure);
    tools.onProgress?.(index + 1, erasures.length);
  }
  return { ...outcome, withoutAdmin: await again.withoutAdmin() };
}

interface Loaded<State> {
  readonly state: State;
  readonly revision: number | null;
}

type BarEvent = Extract<RoleEvent, { type: 'UserBarred' }>;
type ErasureEvent = BarEvent | Extract<UserEvent, { type: 'UserErased' }>;

class Again {
  /** Streams of `account-admin`, by account: they may be long. */
  readonly #admins = new Map<string, Loaded<RoleState>>();

  constructor(
    private readonly tools: EraseAgainTools,
    private readonly voids: Voids,
  ) {}

  async erase(erasure: Erasure): Promise<'erased' | 'before' | 'absent'> {
    const { account, user } = erasure;
    const stream = userStream(account, user);
    const loaded = await this.#load<UserState, LoggedUserEvent>(stream, NEW_USER, evolveUser);
    const decision = decideErase({ user, byThemselves: false }, loaded.state);
    if (!decision.accepted) return 'absent';
    const admins = await this.#adminsOf(account);
    if (decision.events.length === 0) return 'before';
    if (!admins.state.barred.has(user)) await this.#bar(erasure, admins);
    const event = { type: 'UserErased', data: { user } } as const;
    await this.#append(stream, loaded.revision, this.#eventOf(event, erasure));
    return 'erased';
  }

  async withoutAdmin(): Promise<string[]> {
    return [...this.#admins].filter(([, { state }]) => !hasActiveAdmin(state)).map(([account]) => account);
  }

  async #adminsOf(account: string): Promise<Loaded<RoleState>> {
    let admins = this.#admins.get(account);
    if (!admins) {
      const stream = roleStream(account, ACCOUNT_ADMIN);
      admins = await this.#load<RoleState, RoleEvent>(stream, NEW_ROLE, evolveRole);
      this.#admins.set(account, admins);
    }
    return admins;
  }

  async #bar(erasure: Erasure, { state, revision }: Loaded<RoleState>): Promise<void> {
    const { account, user } = erasure;
    const bar = barOf(user) as BarEvent;
    await this.#append(roleStream(account, ACCOUNT_ADMIN), revision, this.#eventOf(bar, erasure));
    this.#admins.set(account, { state: evolveRole(state, bar), revision: (revision ?? -1) + 1 });
  }

  /** State of a stream without its void events, and those that stop readers: declared void one day, they count no more. */
  async #load<State, Event>(
    stream: string,
    initial: State,
    evolve: (state: State, event: Event) => State,
  ): Promise<Loaded<State>> {
    let state = initial;
    let revision: number | null = null;
    for await (const event of this.tools.store.readStream(stream)) {
      revision = event.revision;
      if (this.voids.of(event) || eventFaults(event, parseStream(stream)).length > 0) continue;
      const { id, type, data } = event;
      state = evolve(state, { id, type, data } as Event);
    }
    return { state, revision };
  }

  async #append(stream: string, revision: number | null, event: NewEvent): Promise<void> {
    const { store, pause = (milliseconds) => sleep(milliseconds) } = this.tools;
    const result = await appendUntilKnown({ store, pause }, stream, revision ?? 'no-stream', [event]);
    if (result.outcome === 'conflict')
      throw new BackupError('RESTORE_NOT_EMPTY', 'Another process writes to the log that is being restored.');
  }

  #eventOf({ type, data }: ErasureEvent, { account, user, event }: Erasure): NewEvent {
    const { operator, host, now } = this.tools;
    const on = host === undefined ? {} : { actorHost: host };
    const metadata: EventMetadata = {
      account,
      ...on,
      actorId: operator,
      actorType: 'operator',
      basis: '-@-',
      causationId: event,
      command: 'eraseUser',
      commandId: idOf('UserErased', event),
      inputHash: hash('sha256', canonicalJson({ user })),
      part: '1',
      parts: '1',
      // In clear, for it says nothing of a person, and the key book need not be there.
      reason: REASON,
      recordedAt: now().toISOString(),
      requestId: v4(),
      schemaVersion: schemaVersionOf({ type, data }, traitsOf(on)),
    };
    return { id: idOf(type, event), type, data: data as JsonObject, metadata: metadata as JsonObject };
  }
}

const REASON = 'Erased again when a backup from before the erasure was restored.';

/** Namespace of these ids (UUID, version 5). */
const NAMESPACE = '0f6a2f1c-6f0a-4b58-9a52-7d5c1c1f0b7e';

/** Id of an event that records an erasure again; it follows from the id of the first record. */
const idOf = (type: ErasureEvent['type'], first: string): string =>
  nameBasedId(`${type} ${first}`, NAMESPACE);

/** True for an event that only `eraseAgain` writes. */
export function isErasedAgain({ id, type, metadata }: RecordedEvent): boolean {
  const first = metadata['causationId'];
  if (type !== 'UserErased' && type !== 'UserBarred') return false;
  return typeof first === 'string' && id === idOf(type, first);
}
