import { Batch } from '../commands/batch/batch';
import type { Command, CommandBus, CommandContext, CommandOutcome } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import type { Position } from '../event-store/port/event-store';
import type { ReadModels, UserRow, View } from '../../projections/view';
import { isId } from '../domain/vocabulary';
import { Work } from '../shared/turns';
import { commandFailure, notFound, refusalError, ScimError } from './errors';
import { patchedValues } from './patch';
import { selected, userResources, type Selection, type UserResource } from './resource';
import { isPerson, UserLists, type Charge, type ListQuery } from './user-list';
import { wholeUser, type UserValues } from './values';

/**
 * Users by SCIM 2.0 (RFC 7644): joiners are registered, leavers deactivated. Every change is the command that a mutation
 * of GraphQL sends, with all its guards. That the caller may read users was looked at before.
 */

export interface ScimServices {
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly reads: Pick<DecisionReads, 'isService'>;
  readonly projectionWaitMs: number;
}

/** A request of SCIM: the user who sends it, and the address that they know SCIM by. */
export interface ScimRequest {
  readonly caller: { readonly account: string; readonly user: string };
  readonly requestId: string;
  /** `https://host/scim/v2`. */
  readonly base: string;
  readonly charge: Charge;
}

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

export class ScimUsers {
  private readonly lists = new UserLists();

  constructor(private readonly services: ScimServices) {}

  /** A page of users. @throws ScimError */
  async list(request: ScimRequest, query: ListQuery & Selection): Promise<object> {
    const view = this.view(request);
    const { total, startIndex, rows } = await this.lists.page(
      view,
      request.caller.user,
      query,
      request.charge,
    );
    return {
      schemas: [LIST_RESPONSE],
      totalResults: total,
      startIndex,
      itemsPerPage: rows.length,
      Resources: userResources(view, rows, request.base).map((each) => selected(each, query)),
    };
  }

  /** A user. @throws ScimError 404 for an erased one too */
  async read(request: ScimRequest, id: string, query: Selection = {}): Promise<UserResource> {
    const view = this.view(request);
    return selected(userResources(view, [rowOf(view, id)], request.base)[0]!, query);
  }

  /** Registers a user; one who is to be inactive has no roles that could have effect before the deactivation. */
  async create(request: ScimRequest, body: unknown): Promise<UserResource> {
    const { userName: username, name, externalId, active } = await wholeUser(body);
    const registered = await this.send(request, { type: 'registerUser', username, name, externalId });
    const user = registered.owner.id;
    const latest =
      active === false ? await this.sendAll(request, deactivation(user), registered) : registered;
    return this.shown(request, user, latest.position);
  }

  /** Sets what the body has; what it leaves out stays. */
  async replace(request: ScimRequest, id: string, body: unknown): Promise<UserResource> {
    return this.change(request, id, await wholeUser(body));
  }

  /** Sets what the operations name. */
  async patch(request: ScimRequest, id: string, body: unknown): Promise<UserResource> {
    return this.change(request, id, await patchedValues(body));
  }

  /** Deactivates: an erasure is for ever, and an act of its own. */
  async remove(request: ScimRequest, id: string): Promise<void> {
    const { position } = await this.sendAll(request, deactivation(this.person(request, id)));
    await this.reached(position);
  }

  private async change(request: ScimRequest, id: string, values: UserValues): Promise<UserResource> {
    const commands = changesOf(this.person(request, id), values);
    if (commands.length === 0) return this.read(request, id);
    return this.shown(request, id, (await this.sendAll(request, commands)).position);
  }

  /**
   * Sends several commands as one change: each is decided first, so that a refusal of one leaves nothing half done. Where
   * another change comes between, the error says what was written.
   */
  private async sendAll(
    request: ScimRequest,
    commands: readonly Command[],
    before: Done | null = null,
  ): Promise<Done> {
    if (commands.length > 1)
      for (const each of commands) await this.send(request, each, new Batch('scim', true));
    let latest = before;
    for (const each of commands) {
      const done = await this.send(request, each).catch((error: unknown) => {
        throw latest === null ? error : halfDone(error);
      });
      latest = { ...done, position: later(latest?.position ?? null, done.position) };
    }
    if (latest === null) throw new Error('There was no command to send.');
    return latest;
  }

  /** @throws ScimError for a command that is refused, or cannot be decided */
  private async send({ caller, requestId }: ScimRequest, command: Command, batch?: Batch): Promise<Done> {
    const { account, user } = caller;
    const context: CommandContext = { account, actor: { type: 'user', id: user }, requestId };
    const outcome = await this.services.bus
      .execute(command, { ...context, ...(batch ? { batch } : {}) })
      .catch((error: unknown) => {
        throw commandFailure(error);
      });
    if (!outcome.accepted) throw refusalError(outcome.refusals);
    return outcome;
  }

  /** The user as of now, once a change can be read. */
  private async shown(request: ScimRequest, id: string, position: Position | null): Promise<UserResource> {
    await this.reached(position);
    return this.read(request, id);
  }

  private async reached(position: Position | null): Promise<void> {
    const { readModels, projectionWaitMs } = this.services;
    if (position === null || (await readModels.waitFor(position, projectionWaitMs))) return;
    const message = 'The change is recorded. This replica does not show it yet: read the user in a moment.';
    throw new ScimError(503, 'POSITION_NOT_REACHED', message);
  }

  /** An id that a person of the account could have. @throws ScimError 404 */
  private person({ caller }: ScimRequest, id: string): string {
    if (this.services.reads.isService(caller.account, known(id))) throw notFound();
    return id;
  }

  private view({ caller }: ScimRequest): View {
    return this.services.readModels.view(caller.account, null, new Work());
  }
}

type Done = Extract<CommandOutcome, { accepted: true }>;

/** An id that a user could have. @throws ScimError 404 */
function known(id: string): string {
  if (!isId(id)) throw notFound();
  return id;
}

function rowOf(view: View, id: string): UserRow {
  const row = view.users([known(id)]).get(id);
  if (!isPerson(row)) throw notFound();
  return row;
}

/**
 * Commands of a change. Whoever leaves loses all rights first; whoever comes back gets them last: a process that dies in
 * between leaves nobody with rights who is not to have them.
 */
function changesOf(user: string, { userName, name, externalId, active }: UserValues): readonly Command[] {
  const isProfile = [userName, name, externalId].some((each) => each !== undefined);
  const profile: readonly Command[] = isProfile
    ? [{ type: 'updateUser', user, username: userName, name, externalId }]
    : [];
  if (active === undefined) return profile;
  return active ? [...profile, { type: 'reactivateUser', user }] : [...deactivation(user), ...profile];
}

const deactivation = (user: string): readonly Command[] => [{ type: 'deactivateUser', user }];

/** Tells that a change was written in part. */
function halfDone(error: unknown): unknown {
  if (!(error instanceof ScimError)) return error;
  const message = `${error.message} The other half of the request was written before: read the user again.`;
  return new ScimError(error.status, error.code, message, error.scimType);
}

const later = (a: Position | null, b: Position | null): Position | null =>
  b === null || (a !== null && a > b) ? a : b;
