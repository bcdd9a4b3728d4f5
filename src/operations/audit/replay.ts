import { Map } from 'immutable';
import { catalogueEventOf } from '../publication/catalogue-log';
import { Catalogue, type DefaultRole } from '../../domain/catalogue/catalogue';
import type { StagedCatalogueEvent } from '../../domain/catalogue/events';
import { EMPTY_STATE, evolveCatalogue } from '../../domain/catalogue/evolve';
import { evolveRole, NEW_ROLE, type RoleState } from '../../domain/role/state';
import type { RoleEvent } from '../../domain/role/events';
import { compiledValidator, isEventType } from '../../domain/schemas';
import type { EventStore, Position, RecordedEvent } from '../../event-store/port/event-store';
import { catalogueStream, roleStream } from '../../event-store/port/streams';
import { readVoids, type EventVoid, type Voids } from '../../repair/voids';

/** The life of a role, event by event, with the state after each; of a default role the catalogue's changes too. */
export interface ReplayStep {
  readonly event: RecordedEvent;
  /** The change in words. */
  readonly change: string;
  readonly after: RoleState;
  /** Set where the event is void: the state is the one before it. */
  readonly voided?: EventVoid;
}

/**
 * Replays a role from the log alone; no read model is asked.
 * @param until leaves out what was recorded later
 */
export async function* replayRole(
  store: EventStore,
  account: string,
  role: string,
  until: Date | null,
): AsyncGenerator<ReplayStep> {
  const late = (event: RecordedEvent): boolean =>
    until !== null && new Date(String(event.metadata.recordedAt)) > until;
  const voids = await readVoids(store);
  const catalogue = catalogueSteps(store, role, voids);
  let pending = await catalogue.next();
  let state = NEW_ROLE;

  /** What the catalogue changed before a place of the log. */
  const published = async function* (before: Position | null): AsyncGenerator<ReplayStep> {
    while (!pending.done && (before === null || pending.value.event.position < before)) {
      const { event, change, ...catalogued } = pending.value;
      if (late(event)) return;
      state = { ...state, ...catalogued };
      yield { event, change, after: state };
      pending = await catalogue.next();
    }
  };

  for await (const event of store.readStream(roleStream(account, role))) {
    yield* published(event.position);
    if (late(event)) return;
    const declared = voids.of(event);
    if (declared) {
      yield { event, change: describeVoid(event, declared), after: state, voided: declared };
      continue;
    }
    if (!isEventType(event.type) || !compiledValidator(event.type).Check(event.data)) {
      throw new Error(`Event ${event.revision} of ${event.stream} is not a valid ${event.type}.`);
    }
    const known = { type: event.type, data: event.data } as unknown as RoleEvent;
    state = evolveRole(state, known);
    yield { event, change: describe(known), after: state };
  }
  yield* published(null);
}

interface CatalogueStep {
  readonly event: RecordedEvent;
  readonly change: string;
  readonly name: string;
  readonly description: string | null;
  readonly grants: RoleState['grants'];
}

/** Publications that changed a default role, with what it is after each. */
async function* catalogueSteps(store: EventStore, role: string, voids: Voids): AsyncGenerator<CatalogueStep> {
  let state = EMPTY_STATE;
  for await (const event of store.readStream(catalogueStream)) {
    if (voids.of(event)) continue;
    const known = catalogueEventOf(event);
    const before = state;
    state = evolveCatalogue(state, known);
    if (known.type !== 'CataloguePublished') continue;
    const held = before.content.defaultRoles.find(({ key }) => key === role);
    const staged = before.staged.get(known.data.publication)?.toArray() ?? [];
    const changes = staged.flatMap((each) => describeStaged(each, role, held));
    const now = state.content.defaultRoles.find(({ key }) => key === role);
    if (changes.length === 0 || !now) continue;
    const { permission } = new Catalogue(state.content);
    yield {
      event,
      change: `catalogue ${known.data.version}: ${changes.join(', ')}`,
      name: now.name,
      description: now.description,
      grants: Map(now.permissions.map((key) => [key, permission.get(key)?.scopes ?? []])),
    };
  }
}

/** What a staged event says of a default role, which was `held` before; nothing where it is about others. */
function describeStaged(
  { type, data }: StagedCatalogueEvent,
  role: string,
  held: DefaultRole | undefined,
): string[] {
  const granted = (permission: string): boolean => held?.permissions.includes(permission) ?? false;
  switch (type) {
    case 'DefaultRoleDefined':
      return data.key === role ? [held ? `now “${data.name}”` : `defined as “${data.name}”`] : [];
    case 'DefaultRoleRetired':
      return data.key === role ? ['retired'] : [];
    case 'DefaultRoleGrantAdded':
      return data.role === role && !granted(data.permission) ? [`+${data.permission}`] : [];
    case 'DefaultRoleGrantRemoved':
      return data.role === role ? [`-${data.permission}`] : [];
    default:
      return [];
  }
}

const describeVoid = ({ type }: RecordedEvent, { by, reason }: EventVoid): string =>
  `${type} is void, declared so by ${by.type} ${by.id}: ${reason}`;

type DataOf<Type extends RoleEvent['type']> = Extract<RoleEvent, { readonly type: Type }>['data'];

/** The change that each event of a role makes, in words. */
const CHANGES: { readonly [Type in RoleEvent['type']]: (data: DataOf<Type>) => string } = {
  RoleCreated: ({ name, copiedFrom }) =>
    `created as “${name}”${copiedFrom ? `, a copy of ${copiedFrom}` : ''}`,
  RoleRenamed: ({ from, to }) => `renamed from “${from}” to “${to}”`,
  RoleDescriptionChanged: ({ from, to }) => `description changed from “${from ?? ''}” to “${to ?? ''}”`,
  PermissionGranted: ({ permission, scopes }) => `granted ${permission}${list(scopes)}`,
  PermissionScopesChanged: ({ permission, from, to }) =>
    `scopes of ${permission} changed from${list(from)} to${list(to)}`,
  PermissionRevoked: ({ permission, scopes }) => `revoked ${permission}${list(scopes)}`,
  UserAssigned: ({ user }) => `assigned ${user}`,
  UserUnassigned: ({ user }) => `unassigned ${user}`,
  RoleDeleted: ({ name }) => `deleted, named “${name}”`,
  UserBarred: ({ member, user }) =>
    member ? `ended the membership of ${user}, who is being deactivated` : `barred ${user}`,
  UserUnbarred: ({ user }) => `unbarred ${user}`,
  ClaimAbandoned: () => 'fenced: a pending attempt at a claim was voided',
};

const describe = <Type extends RoleEvent['type']>({
  type,
  data,
}: RoleEvent & { readonly type: Type }): string => CHANGES[type](data as DataOf<Type>);

const list = (scopes: readonly string[]): string => ` [${scopes.join(' ')}]`;
