import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnknownPositionError, type AsOf, type ReadModels } from '../../projections/view';
import type { CommandBus } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import type { Position } from '../event-store/port/event-store';
import type { PositionCodec } from '../shared/position-codec';
import { MOST_ROWS, Work } from '../shared/turns';
import type { AsOfInput } from './as-of';
import { Caller } from './caller';
import { badInput, requestError } from './errors';
import { Budget } from './limits/budget';
import { PinnedView, type ViewRequest } from './pinned-view';
import { decodePosition } from './scalars';

/** Services that the API is built on. */
export interface Services {
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
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
  private field: Promise<void> | null = null;
  private pinned: PinnedView | undefined;
  private readonly past = new Map<string, Promise<PinnedView>>();

  constructor(
    readonly services: Services,
    readonly identity: { readonly account: string; readonly user: string },
    readonly requestId: string,
    /** Work of one walk over the whole input of the request, in rows read. */
    private readonly inputWork = 0,
  ) {
    this.caller = new Caller(identity.account, identity.user, services.reads);
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
    return (this.pinned ??= new PinnedView(
      this.services.readModels.view(this.identity.account, null, this.work),
      this,
    ));
  }

  /** Pins a new view for the rest of the request: a mutation has changed the data. */
  refresh(): PinnedView {
    this.pinned = undefined;
    this.caller.forget();
    return this.now;
  }

  /** The view asked for; `otherwise` if none was. */
  at(asOf: AsOfInput | null | undefined, otherwise: PinnedView = this.now): Promise<PinnedView> {
    return asOf == null ? Promise.resolve(otherwise) : this.atMoment(this.decode(asOf));
  }

  atPosition(position: Position): Promise<PinnedView> {
    return this.atMoment({ position });
  }

  private atMoment(asOf: AsOf): Promise<PinnedView> {
    const key = 'time' in asOf ? `time ${asOf.time.getTime()}` : `position ${asOf.position}`;
    const known = this.past.get(key) ?? this.pin(asOf);
    this.past.set(key, known);
    return known;
  }

  encode(position: Position | null): string | null {
    return position === null ? null : this.services.positions.encode(position);
  }

  /** @throws GraphQLError `POSITION_NOT_REACHED` when the wait ran out */
  async waitFor(position: Position): Promise<void> {
    const { readModels, minPositionWaitMs } = this.services;
    if (await readModels.waitFor(position, minPositionWaitMs)) return;
    throw requestError(
      'POSITION_NOT_REACHED',
      'This replica has not reached the position yet. Try again, or another replica.',
      { reached: this.encode(readModels.status().position) },
    );
  }

  private decode({ time, position }: AsOfInput): AsOf {
    if (time != null && position == null) return { time };
    if (position != null && time == null)
      return { position: decodePosition(this.services.positions, position) };
    throw badInput('`asOf` takes either a time or a position.');
  }

  private async pin(asOf: AsOf): Promise<PinnedView> {
    if ('position' in asOf) await this.waitFor(asOf.position);
    try {
      return new PinnedView(this.services.readModels.view(this.identity.account, asOf, this.work), this);
    } catch (error) {
      if (error instanceof UnknownPositionError)
        throw badInput('`asOf` names a position that this log does not have.');
      throw error;
    }
  }
}
