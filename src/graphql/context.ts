import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnknownPositionError, type AsOf, type Ordinal, type ReadModels } from '../../projections/view';
import type { CommandBus } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import type { Position } from '../event-store/port/event-store';
import type { PlaceInLog, PositionCodec } from '../shared/position-codec';
import { MOST_ROWS, Work } from '../shared/turns';
import type { AsOfInput } from './as-of';
import { Caller } from './caller';
import { entryNumber, type HistoryNumbers } from './entry-number';
import { badInput, requestError } from './errors';
import type { GlobalId } from './global-id';
import type { ListCursors } from './list-cursors';
import { Budget } from './limits/budget';
import { PinnedView, type ViewRequest } from './pinned-view';
import { Positions } from './positions';
import type { LastTimes } from './user/last-times';
import type { UnlinkedPerson, UnlinkedPersons } from './user/unlinked-identity.type';

/** Services that the API is built on. */
export interface Services {
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
  readonly apiKeyUses: LastTimes;
  readonly signIns: LastTimes;
  readonly unlinkedPersons: UnlinkedPersons;
  readonly minPositionWaitMs: number;
  readonly projectionWaitMs: number;
}

/** Record of one mutation of a request, for logs, metrics and traces. It holds nothing that the client sent. */
export interface MutationRecord {
  /** Its field, e.g. `createRole`. */
  readonly mutation: string;
  readonly outcome: 'accepted' | 'refused' | 'failed';
  /** Codes of its refusals, each once, or of the error that it failed with. */
  readonly codes: readonly string[];
  readonly position: string | null;
  /** False if the wait for the read models timed out; null if the mutation failed. */
  readonly projected: boolean | null;
  readonly ms: number;
}

/** One request: its caller, and the views that it reads. It reads at one position of the log, pinned when it starts. */
export class RequestContext implements ViewRequest {
  readonly caller: Caller;
  readonly requestId: string;
  /** Address that it came from. */
  readonly address: string;
  /** Records of the mutations of this request, in their order. */
  readonly mutations: MutationRecord[] = [];
  /** Work of the request so far, and its turns among those of other requests. */
  readonly work = new Work(() =>
    requestError(
      'QUERY_TOO_COMPLEX',
      `The request looks at more than ${MOST_ROWS} rows besides those of its largest question. Ask one thing at a time.`,
    ),
  );
  readonly budget = new Budget(this.work, () => this.now.catalogue.content.permissions.length);
  private readonly positions: Positions;
  private field: Promise<void> | null = null;
  private pinned: PinnedView | undefined;
  private readonly past = new Map<string, Promise<PinnedView>>();
  /** Views of the past by ordinal: those asked for in several ways share their reads. */
  private readonly pins = new Map<number, PinnedView>();

  constructor(
    readonly services: Services,
    readonly identity: { readonly account: string; readonly user: string },
    { id, ip }: { readonly id: string; readonly ip: string },
    /** Work of one walk over the whole input of the request, in rows read. */
    private readonly inputWork = 0,
  ) {
    this.requestId = id;
    this.address = ip;
    this.caller = new Caller(identity.account, identity.user, services.reads);
    this.positions = new Positions(services, identity.account, this.work);
  }

  /** Waits for the turn of a root field: each after that of the field before it; the first does not wait. */
  async nextField(): Promise<void> {
    this.field = this.field?.then(() => nextTurn()) ?? Promise.resolve();
    await this.field;
    await this.work.before(0);
  }

  /** Charges one more walk over the whole input, and yields to other requests if this turn is used up. */
  async beforeInput(): Promise<void> {
    await this.work.before(this.inputWork);
  }

  /** The view that this request reads, at one position of the log. */
  get now(): PinnedView {
    return (this.pinned ??= this.latest());
  }

  /** A view of this very moment, beside that of the request. */
  latest(): PinnedView {
    return new PinnedView(this.services.readModels.view(this.identity.account, null, this.work), this);
  }

  /** Pins a new view for the rest of the request: a mutation has changed the data. */
  refresh(): PinnedView {
    this.pinned = undefined;
    this.caller.forget();
    return this.now;
  }

  /** The view asked for; `otherwise` if none was. */
  at(asOf: AsOfInput | null | undefined, otherwise: PinnedView = this.now): Promise<PinnedView> {
    return asOf == null ? Promise.resolve(otherwise) : this.atMoment(asOf);
  }

  /** The view that shows an object under its global id: as of `asOf` if that is given, else of the moment in the id. */
  viewOf({ at }: GlobalId, asOf?: AsOfInput | null): Promise<PinnedView> {
    return this.at(asOf ?? (at === undefined ? null : { position: at }));
  }

  /** Rejects, and never throws: whoever asks for two moments would leave the first one's failure to nobody. */
  private async atMoment({ time, position, event }: AsOfInput): Promise<PinnedView> {
    if ([time, position, event].filter((each) => each != null).length !== 1)
      throw badInput('`asOf` takes exactly one of a time, a position or an event.');
    const key = JSON.stringify([time?.getTime(), position, event]);
    const known = this.past.get(key) ?? this.pin(this.momentAsked({ time, position, event }));
    this.past.set(key, known);
    return known;
  }

  private momentAsked({ time, position, event }: AsOfInput): AsOf | Promise<AsOf> {
    if (time != null) return { time };
    return event == null ? this.reach(position ?? '') : this.positions.reachEntry(this.entryOf(event));
  }

  private entryOf(text: string): Ordinal {
    const number = entryNumber(text, this.numbers);
    if (number === null) throw badInput('`asOf.event` is not the id of an entry of history.');
    return number.ordinal as Ordinal;
  }

  readonly numbers: HistoryNumbers = {
    seal: (number) => this.services.positions.sealNumber(number, this.identity.account),
    open: (text) => this.services.positions.openNumber(text, this.identity.account),
  };

  lastUse(apiKey: string): Date | null {
    return this.services.apiKeyUses.last({ account: this.identity.account, id: apiKey });
  }

  lastSignIn(user: string): Date | null {
    return this.services.signIns.last({ account: this.identity.account, id: user });
  }

  unlinkedPersons(): readonly UnlinkedPerson[] {
    const { services, identity } = this;
    return services.unlinkedPersons
      .of(identity.account)
      .filter((person) => services.reads.userByIdentity(identity.account, person.identity) === null);
  }

  readonly cursors: ListCursors = {
    seal: (cursor) => this.services.positions.cursors.seal(cursor, this.identity.account),
    open: (text) => this.services.positions.cursors.open(text, this.identity.account),
  };

  encode(place: PlaceInLog): string {
    return this.positions.encode(place);
  }

  encodePosition(position: Position): string {
    return this.positions.encodePosition(position);
  }

  /** Position of a view; null before the first event. */
  positionOf(pinned: PinnedView): string | null {
    const { position, time } = pinned.view.pin;
    return position === null || time === null ? null : pinned.shown.position;
  }

  /** Waits until this replica shows the event that a position names. @throws GraphQLError as `Positions.reach` does */
  reach(position: string): Promise<AsOf> {
    return this.positions.reach(position);
  }

  showing(asOf: AsOf): PinnedView {
    const view = this.services.readModels.view(this.identity.account, asOf, this.work);
    const pinned = this.pins.get(view.pin.ordinal) ?? new PinnedView(view, this, true);
    this.pins.set(view.pin.ordinal, pinned);
    return pinned;
  }

  private async pin(moment: AsOf | Promise<AsOf>): Promise<PinnedView> {
    const asOf = await moment;
    try {
      return this.showing(asOf);
    } catch (error) {
      if (error instanceof UnknownPositionError)
        throw badInput('`asOf` names a position that this log does not have.');
      throw error;
    }
  }
}
