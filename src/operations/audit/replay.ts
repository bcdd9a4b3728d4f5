import { Map as ImmutableMap } from 'immutable';
import { catalogueEventOf } from '../publication/catalogue-log';
import { Catalogue } from '../../domain/catalogue/catalogue';
import { catalogueChanges } from '../../domain/catalogue/changes';
import { EMPTY_STATE, evolveCatalogue } from '../../domain/catalogue/evolve';
import { defaultRoleNote } from '../../domain/description/describe-catalogue';
import { describeEvent } from '../../domain/description/describe-event';
import { evolveRole, NEW_ROLE, type RoleState } from '../../domain/role/state';
import type { RoleEvent } from '../../domain/role/events';
import { compiledValidator, isEventType } from '../../domain/schemas';
import { shownText } from '../../domain/sealed-text';
import type { EventStore, Position, RecordedEvent } from '../../event-store/port/event-store';
import { catalogueStream, roleStream } from '../../event-store/port/streams';
import { placeOfMoment, type OnSearch } from './place-of-moment';
import { demandReadable } from '../../repair/newer';
import { readVoids, type EventVoid, type Voids } from '../../repair/voids';

/** The history of a role, event by event, with the state after each; for a default role the catalogue's changes too. */
export interface ReplayStep {
  readonly event: RecordedEvent;
  /** The change in words. */
  readonly change: string;
  readonly after: RoleState;
  /** Set if the event is void: the state is the one before it. */
  readonly voided?: EventVoid;
}

export interface ReplayOptions {
  /** Leaves out later events, along the log's own time line; left out: no limit. */
  readonly until?: Date;
  /** Called while the position of `until` is searched for. */
  readonly onSearch?: OnSearch;
}

/** Replays a role from the log alone; no read model is asked. @throws NewerEventError, EventStoreError */
export async function* replayRole(
  store: EventStore,
  account: string,
  role: string,
  { until, onSearch }: ReplayOptions = {},
): AsyncGenerator<ReplayStep> {
  const voids = await readVoids(store);
  const last = until === undefined ? undefined : await placeOfMoment(store, until, voids, onSearch);
  const late = ({ position }: RecordedEvent): boolean =>
    last !== undefined && (last === null || position > last);
  const catalogue = catalogueSteps(store, role, voids);
  let pending = await catalogue.next();
  let state = NEW_ROLE;

  /** Changes that the catalogue made before a position in the log. */
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
    demandReadable(event);
    if (!isEventType(event.type) || !compiledValidator(event.type).Check(event.data)) {
      throw new Error(`Event ${event.revision} of ${event.stream} is not a valid ${event.type}.`);
    }
    const known = { type: event.type, data: event.data } as unknown as RoleEvent;
    state = evolveRole(state, known);
    yield { event, change: describeEvent(known).note, after: state };
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

/** Publications that changed a default role, with its content after each. */
async function* catalogueSteps(store: EventStore, role: string, voids: Voids): AsyncGenerator<CatalogueStep> {
  let state = EMPTY_STATE;
  for await (const event of store.readStream(catalogueStream)) {
    if (voids.of(event)) continue;
    const known = catalogueEventOf(event);
    const before = state;
    state = evolveCatalogue(state, known);
    if (known.type !== 'CataloguePublished') continue;
    const notes = catalogueChanges(before.content, state.content).flatMap(({ data }) =>
      'role' in data && data.role === role ? [defaultRoleNote(data)] : [],
    );
    const now = state.content.defaultRoles.find(({ key }) => key === role);
    if (notes.length === 0 || !now) continue;
    const { permission } = new Catalogue(state.content);
    yield {
      event,
      change: `catalogue ${known.data.version}: ${notes.join()}`,
      name: now.name,
      description: now.description,
      grants: ImmutableMap(now.permissions.map((key) => [key, permission.get(key)?.scopes ?? []])),
    };
  }
}

const describeVoid = ({ type }: RecordedEvent, { by, reason }: EventVoid): string =>
  `${type} is void, declared so by ${by.type} ${by.id}: ${shownText(reason)}`;
