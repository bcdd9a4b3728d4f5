import { Map as ImmutableMap } from 'immutable';
import { Catalogue } from '../../../domain/catalogue/catalogue';
import { catalogueChanges } from '../../../domain/catalogue/changes';
import { EMPTY_STATE, evolveCatalogue } from '../../../domain/catalogue/evolve';
import { defaultRoleNote } from '../../../domain/description/describe-catalogue';
import { describeEvent } from '../../../domain/description/describe-event';
import { evolveRole, NEW_ROLE, type RoleState } from '../../../domain/role/state';
import type { RoleEvent } from '../../../domain/role/events';
import type { EventStore, Position, RecordedEvent } from '../../../event-store/port/event-store';
import { catalogueStream, roleStream } from '../../../event-store/port/streams';
import { readVoids, type Voids } from '../../../repair/voids';
import { catalogueEventOf } from '../../publication/catalogue-log';
import { demandSound, describeVoid, spanOf, type ReplayOptions, type ReplayStep } from './step';

/**
 * Replays a role from the log alone, event by event, with the state on both sides of each; a default role with the changes
 * of the catalogue too. No read model is asked.
 * @throws NewerEventError, EventStoreError
 */
export async function* replayRole(
  store: EventStore,
  account: string,
  role: string,
  options: ReplayOptions = {},
): AsyncGenerator<ReplayStep<RoleState>> {
  const voids = await readVoids(store);
  const { isEarly, isLate } = await spanOf(store, voids, options);
  const catalogue = catalogueSteps(store, role, voids);
  let pending = await catalogue.next();
  let state = NEW_ROLE;

  /** Moves to the state after an event. */
  const step = (event: RecordedEvent, change: string, after: RoleState): ReplayStep<RoleState> => {
    const before = state;
    state = after;
    return { event, change, before, after, isEarly: isEarly(event) };
  };
  /** Changes that the catalogue made before a position in the log. */
  const published = async function* (before: Position | null): AsyncGenerator<ReplayStep<RoleState>> {
    while (!pending.done && (before === null || pending.value.event.position < before)) {
      const { event, change, ...catalogued } = pending.value;
      if (isLate(event)) return;
      yield step(event, change, { ...state, ...catalogued });
      pending = await catalogue.next();
    }
  };

  for await (const event of store.readStream(roleStream(account, role))) {
    yield* published(event.position);
    if (isLate(event)) return;
    const declared = voids.of(event);
    if (declared) {
      yield { ...step(event, describeVoid(event, declared), state), voided: declared };
      continue;
    }
    demandSound(event);
    const known = { type: event.type, data: event.data } as unknown as RoleEvent;
    yield step(event, describeEvent(known).note, evolveRole(state, known));
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
