import { describeEvent } from '../../../domain/description/describe-event';
import type { RoleEvent } from '../../../domain/role/events';
import { shownText } from '../../../domain/sealed-text';
import type { ReadUserEvent, UserEvent } from '../../../domain/user/events';
import type { EventStore, RecordedEvent } from '../../../event-store/port/event-store';
import { parseStream, userStream } from '../../../event-store/port/streams';
import { readVoids, type Voids } from '../../../repair/voids';
import { estimatedTotal } from '../../../shared/progress';
import type { OnSearch } from '../place-of-moment';
import { demandSound, describeVoid, spanOf, type ReplayOptions, type ReplayStep } from './step';
import { afterOwn, afterRole, NEW_LIFE, type UserLife } from './user-life';

export interface UserReplayOptions extends ReplayOptions {
  /** Called while the log is read; `total` is an estimate. */
  readonly onRead?: OnSearch;
}

/**
 * Replays a user from the log alone: what the user's own stream says, and every role got and lost, by assignment or by the
 * role's deletion. Reads the whole log once, for roles hold their members; memory grows with the roles of the account.
 * @throws NewerEventError, EventStoreError
 */
export async function* replayUser(
  store: EventStore,
  account: string,
  user: string,
  options: UserReplayOptions = {},
): AsyncGenerator<ReplayStep<UserLife>> {
  const voids = await readVoids(store);
  const { isEarly, isLate } = await spanOf(store, voids, options);
  const replay = new UserReplay(account, user, voids);
  const end = (await store.head())?.position;
  let done = 0;
  for await (const event of store.readAll()) {
    if (isLate(event)) return;
    options.onRead?.(done, end === undefined ? null : estimatedTotal(done, event.position, end));
    done += 1;
    const step = replay.take(event);
    if (step !== null) yield { ...step, isEarly: isEarly(event) };
  }
}

type UserStep = Omit<ReplayStep<UserLife>, 'isEarly'>;

class UserReplay {
  #life = NEW_LIFE;
  /** Names of the custom roles of the account, by id. */
  readonly #names = new Map<string, string>();
  readonly #own: string;

  constructor(
    private readonly account: string,
    private readonly user: string,
    private readonly voids: Voids,
  ) {
    this.#own = userStream(account, user);
  }

  /** The step of an event; null where it tells nothing of the user. */
  take(event: RecordedEvent): UserStep | null {
    if (event.stream === this.#own) return this.#takeOwn(event);
    const stream = parseStream(event.stream);
    return stream?.category === 'role' && stream.account === this.account ? this.#takeRole(event) : null;
  }

  #takeOwn(event: RecordedEvent): UserStep | null {
    const before = this.#life;
    const declared = this.voids.of(event);
    if (declared) {
      return { event, change: describeVoid(event, declared), before, after: before, voided: declared };
    }
    demandSound(event);
    // Tells nothing of the user: a pending attempt at a claim ended.
    if (event.type === 'ClaimAbandoned') return null;
    this.#life = afterOwn(before, event as unknown as UserEvent);
    return this.#step(event, before, event as unknown as ReadUserEvent);
  }

  #takeRole(event: RecordedEvent): UserStep | null {
    if (this.voids.of(event)) return null;
    demandSound(event);
    const known = event as unknown as RoleEvent;
    const { role } = known.data as { readonly role: string };
    if (known.type === 'RoleCreated') this.#names.set(role, known.data.name);
    if (known.type === 'RoleRenamed') this.#names.set(role, known.data.to);
    const before = this.#life;
    this.#life = afterRole(before, known, this.user, this.#nameOf(role));
    const step = this.#life === before ? null : this.#step(event, before, known);
    if (known.type === 'RoleDeleted') this.#names.delete(role);
    return step;
  }

  #step(event: RecordedEvent, before: UserLife, told: ReadUserEvent | RoleEvent): UserStep {
    const { role = '' } = event.data as { readonly role?: string };
    const names = { user: shownText(this.#life.name), role: this.#nameOf(role) };
    return { event, change: describeEvent(told).predicate(names), before, after: this.#life };
  }

  #nameOf(role: string): string {
    return this.#names.get(role) ?? role;
  }
}
