import { v4 } from 'uuid';
import { schemaNeeded, schemaVersionOf, type MetadataTraits } from '../domain/event-versions';
import { FIRST_SCHEMA } from '../domain/schema-versions';
import { demandWritable } from '../event-store/port/demand-writable';
import { appendUntilKnown } from '../event-store/port/append-until-known';
import {
  EventStoreError,
  MAX_APPEND_BYTES,
  type AppendResult,
  type EventStore,
  type JsonObject,
  type JsonValue,
  type NewEvent,
} from '../event-store/port/event-store';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { AccountState } from '../domain/account/account';
import type { ClaimState } from '../domain/claim/claim';
import type { RoleState } from '../domain/role/state';
import type { UserEvent } from '../domain/user/events';
import type { UserState } from '../domain/user/user';
import { accountStream, claimStream, parseStream, roleStream, userStream } from '../event-store/port/streams';
import { KeyBookError, type DataKey } from '../keys/port/key-book';
import { personalFields } from '../sealing/personal-fields';
import type { AccountSealing, Sealing } from '../sealing/sealing';
import { CommandError, type CommandContext } from './outcome';
import type { DecisionReads } from './decision-reads';
import { eventId, type CommandIdentity } from './identity';
import { keyBookFailure } from './key-book-failure';
import { accountFold, claimFold, roleFold, userFold } from './streams/folds';
import type { StreamLoader } from './streams/stream-loader';
import type { LoadedStream } from './streams/stream-state';

/** Tools of command handlers: the only sources of time, delay and randomness, so that tests can replace them. */
export interface CommandTools {
  readonly store: EventStore;
  readonly reads: DecisionReads;
  readonly loader: StreamLoader;
  readonly sealing: Sealing;
  /** Destroys all keys of an erased user, so that nobody can read the names any more; called again on each repeat. */
  readonly eraseKeys: (account: string, user: string) => Promise<void>;
  /** True where the log is the encrypted copy of one in clear. */
  readonly isCopy?: boolean;
  readonly now: () => Date;
  /** Waits some time up to `ms`, at random; progress of contending commands needs it, safety does not. */
  readonly pause: (ms: number) => Promise<void>;
  /** Skew of this machine's clock against the log's, in milliseconds; null if not known. */
  readonly clockSkewMs?: () => number | null;
  /**
   * Called for each retry: another append came first, or the log did not say if it wrote. After a conflict the command
   * restarts at its load; `carried` is the knowledge that the next attempt takes over.
   */
  readonly onRetry?: (why: 'conflict' | 'unknown-outcome', carried?: unknown) => void;
  /** A random UUID, for an id that is not derived. */
  readonly newId?: () => string;
}

const EVENT_ID_LENGTH = 36;
const jsonBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** An event as the rules decide it. */
export type DomainEvent = { readonly type: string; readonly data: object };

/** One command in progress: its loads, its appends, and the metadata of its events. */
export class CommandSession {
  readonly catalogue: Catalogue;
  readonly identity: CommandIdentity;
  readonly sealing: AccountSealing;
  /** Id of the user whom the command registers, once it is made: to make it takes a hash with the secret. */
  userToRegister: string | null = null;
  private readonly basis: string;
  private begun = false;
  private newKey: DataKey | null = null;
  /** Encrypted reasons, by the id of the key. */
  private readonly reasons = new Map<string, JsonValue>();

  constructor(
    readonly tools: CommandTools,
    private readonly commandType: string,
    readonly context: CommandContext,
    { identity, sealing }: { readonly identity: CommandIdentity; readonly sealing: AccountSealing },
  ) {
    this.identity = identity;
    this.sealing = sealing;
    this.catalogue = tools.reads.catalogue();
    this.basis = `${tools.reads.position() ?? '-'}@${this.catalogue.version || '-'}`;
  }

  loadRole(role: string): Promise<LoadedStream<RoleState>> {
    const { account, batch } = this.context;
    const loading = this.tools.loader.load(roleStream(account, role), roleFold);
    return batch ? loading.then((loaded) => batch.over(loaded)) : loading;
  }

  loadUser(user: string): Promise<LoadedStream<UserState>> {
    return this.tools.loader.load(userStream(this.context.account, user), userFold);
  }

  loadAccount(): Promise<LoadedStream<AccountState>> {
    return this.tools.loader.load(accountStream(this.context.account), accountFold);
  }

  loadClaim(id: string): Promise<LoadedStream<ClaimState>> {
    return this.tools.loader.load(claimStream(this.context.account, id), claimFold);
  }

  /** True if nothing may be written. */
  get isDryRun(): boolean {
    return this.context.batch?.isDryRun === true;
  }

  /** Refuses events that could not be recorded now, before anything is begun. @throws EventStoreError `NOT_YET_READABLE` */
  async demandWritable({ stream }: LoadedStream<unknown>, events: readonly DomainEvent[]): Promise<void> {
    const traits = this.traits;
    const wanted = events.reduce(
      (highest: number, { type, data }) => Math.max(highest, schemaNeeded(type, data, traits)),
      FIRST_SCHEMA,
    );
    if (wanted > FIRST_SCHEMA) await demandWritable(this.tools.store, stream, wanted);
  }

  /** Appends to the command's owner; ids follow from the command, so that a repeated append is recognised. */
  appendOwn(to: LoadedStream<unknown>, events: readonly DomainEvent[]): Promise<AppendResult> {
    const { identity, sealing } = this;
    return this.append(to, events, ({ type, data }, index) =>
      eventId(identity, { index, type, data }, sealing),
    );
  }

  /** Number of events, from the first, that fit one append together. */
  fitting(events: readonly DomainEvent[]): number {
    const recordedAt = this.tools.now().toISOString();
    let bytes = 0;
    const first = events.findIndex((event, index) => {
      const metadata = this.metadata(event, { part: index + 1, parts: events.length, recordedAt, key: null });
      bytes += event.type.length + EVENT_ID_LENGTH + jsonBytes(event.data) + jsonBytes(metadata);
      return bytes > MAX_APPEND_BYTES;
    });
    return first < 0 ? events.length : first;
  }

  /** Appends to another stream (claims, fences, bars), with new ids: every attempt writes new events. */
  appendOther(to: LoadedStream<unknown>, event: DomainEvent): Promise<AppendResult> {
    const { newId = v4 } = this.tools;
    return this.append(to, [event], () => newId());
  }

  private async append(
    to: LoadedStream<unknown>,
    events: readonly DomainEvent[],
    idOf: (event: DomainEvent, index: number) => string,
  ): Promise<AppendResult> {
    // Last line of defence: the protocol of a change ends before its appends.
    if (this.isDryRun) throw new Error(`A dry run of ${this.commandType} came to an append.`);
    const recordedAt = this.tools.now().toISOString();
    const owner = parseStream(to.stream);
    const key = owner?.category === 'user' ? await this.keyOf(to.state as UserState, events) : null;
    // Encrypted once: an append whose outcome is not known is sent again unchanged.
    const written: NewEvent[] = events.map((event, index) => {
      const plain = { id: idOf(event, index), type: event.type, data: event.data as JsonObject };
      const part = { part: index + 1, parts: events.length, recordedAt, key };
      return {
        ...plain,
        data: this.sealing.sealData(plain, owner?.id ?? '', key),
        metadata: this.metadata(event, part),
      };
    });
    const result = await appendUntilKnown(this.tools, to.stream, to.revision ?? 'no-stream', written);
    if (result.outcome === 'appended') {
      this.begun ||= events.some(({ type }) => !UNSEEN.has(type));
      this.tools.loader.appended(to, written, result);
    }
    return result;
  }

  /** Progress so far, in words, for a failure before the command is decided. */
  get progress(): string {
    return this.begun ? 'it is half done, and a repeat completes it' : NOTHING_WRITTEN;
  }

  /** Key of the user whose stream it is: the one in use, or a new one for personal texts where there is none. */
  private async keyOf({ username }: UserState, events: readonly DomainEvent[]): Promise<DataKey | null> {
    // The record of an erasure is kept, its reason included.
    if (events.some(({ type }) => type === ERASED)) return null;
    const inUse = typeof username === 'string' ? null : await this.sealing.findKey(username.sealed.k);
    if (inUse !== null || !events.some(({ type }) => personalFields(type).length > 0)) return inUse;
    // One for the whole command: attempts that fail give none away.
    return (this.newKey ??= await this.sealing.newKey());
  }

  /** Machine of an operator; nobody else's is recorded. */
  private get host(): string | undefined {
    const { type, host } = this.context.actor;
    return type === 'operator' ? host : undefined;
  }

  private get traits(): MetadataTraits {
    return { sealedReason: Boolean(this.context.reason), actorHost: this.host !== undefined };
  }

  /** The reason as it is recorded; encrypted once, since all events of a command have the same. */
  private reason(key: DataKey | null): JsonValue | null {
    const { reason } = this.context;
    if (!reason) return null;
    const sealedBy = key?.id ?? '';
    const sealed =
      this.reasons.get(sealedBy) ?? this.sealing.sealReason(reason, this.identity.commandId, key);
    this.reasons.set(sealedBy, sealed);
    return sealed;
  }

  /** Keys in their order, in which they are also stored. */
  private metadata(event: DomainEvent, { part, parts, recordedAt, key }: Part): JsonObject {
    const { context, identity } = this;
    const reason = BESIDE.has(event.type) ? null : this.reason(key);
    return {
      account: context.account,
      ...(this.host === undefined ? {} : { actorHost: this.host }),
      actorId: context.actor.id,
      actorType: context.actor.type,
      basis: this.basis,
      ...(context.causationId ? { causationId: context.causationId } : {}),
      command: this.commandType,
      commandId: identity.commandId,
      inputHash: identity.inputHash,
      ...(identity.keyed ? { keyed: 'true' } : {}),
      part: String(part),
      parts: String(parts),
      ...(reason === null ? {} : { reason }),
      recordedAt,
      requestId: context.requestId,
      schemaVersion: schemaVersionOf(event, { ...this.traits, sealedReason: reason !== null }),
    };
  }
}

/** Place of an event in its append. */
interface Part {
  /** Number of the event, from 1. */
  readonly part: number;
  readonly parts: number;
  readonly recordedAt: string;
  /** Key of the user whose stream it is. */
  readonly key: DataKey | null;
}

const ERASED: UserEvent['type'] = 'UserErased';

/** Events without a visible effect: a crash after one leaves nothing half done. */
const UNSEEN: ReadonlySet<string> = new Set(['Claimed', 'Released', 'ClaimAbandoned']);

/**
 * Events that a command writes beside its own, on streams whose keys no erasure of its user destroys: they say no reason,
 * which the command's own events say.
 */
const BESIDE: ReadonlySet<string> = new Set([...UNSEEN, 'UserBarred', 'UserUnbarred']);

/** Progress of a command that has just begun. */
export const NOTHING_WRITTEN = 'nothing was written';

/** Message to clients. The log of the server says which version of the schemas is wanted, and which one is read. */
const UPGRADE_INCOMPLETE = 'Not every replica has been upgraded to a release that can read this change yet';

/** Turns a failure of log or key book into the command's own error; others pass. */
export function asCommandError(error: unknown, { progress }: Pick<CommandSession, 'progress'>): unknown {
  if (error instanceof KeyBookError) return keyBookFailure(error, progress);
  if (!(error instanceof EventStoreError)) return error;
  if (error.code === 'NOT_YET_READABLE')
    return new CommandError('UPGRADE_INCOMPLETE', `${UPGRADE_INCOMPLETE}; ${progress}.`, { cause: error });
  if (error.code === 'UNAVAILABLE' || error.code === 'UNKNOWN_OUTCOME' || error.code === 'CLOSED') {
    const message =
      error.code === 'UNKNOWN_OUTCOME'
        ? 'The log did not say whether the change was written. Ask again with the same idempotency key.'
        : `The log cannot be reached; ${progress}.`;
    return new CommandError('LOG_UNAVAILABLE', message, { cause: error });
  }
  return error;
}
