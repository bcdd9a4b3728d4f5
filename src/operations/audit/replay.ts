import { Map as ImmutableMap } from 'immutable';
import { evolveRole, NEW_ROLE, type RoleState } from '../../domain/role/state';
import type { RoleEvent } from '../../domain/role/events';
import { compiledValidator, isEventType } from '../../domain/schemas';
import type { EventStore, RecordedEvent } from '../../event-store/event-store';
import { catalogueStream, roleStream } from '../../event-store/streams';

/** The life of a role, event by event, with the state after each; of a default role the catalogue's changes too. */
export interface ReplayStep {
  readonly event: RecordedEvent;
  /** The change in words. */
  readonly change: string;
  readonly after: RoleState;
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
  const catalogue = catalogueSteps(store, role);
  let state = NEW_ROLE;
  let pending = await catalogue.next();
  const late = (event: RecordedEvent): boolean =>
    until !== null && new Date(String(event.metadata.recordedAt)) > until;

  const published = function* (before: bigint | null): Generator<ReplayStep> {
    while (
      !pending.done &&
      (before === null || pending.value.event.position < before) &&
      !late(pending.value.event)
    ) {
      const { event, change, grants, name, description } = pending.value;
      state = { ...state, name, description, grants };
      yield { event, change, after: state };
      return;
    }
  };
  const catchUp = async function* (before: bigint | null): AsyncGenerator<ReplayStep> {
    for (;;) {
      const steps = [...published(before)];
      if (steps.length === 0) return;
      yield* steps;
      pending = await catalogue.next();
    }
  };

  for await (const event of store.readStream(roleStream(account, role))) {
    yield* catchUp(event.position);
    if (late(event)) return;
    if (!isEventType(event.type) || !compiledValidator(event.type).Check(event.data)) {
      throw new Error(`Event ${event.revision} of ${event.stream} is not a valid ${event.type}.`);
    }
    const known = { type: event.type, data: event.data } as unknown as RoleEvent;
    state = evolveRole(state, known);
    yield { event, change: describe(known), after: state };
  }
  yield* catchUp(null);
}

interface CatalogueStep {
  readonly event: RecordedEvent;
  readonly change: string;
  readonly name: string;
  readonly description: string | null;
  readonly grants: RoleState['grants'];
}

/** Publications that changed a default role: staged events count from the `CataloguePublished` that names them. */
async function* catalogueSteps(store: EventStore, role: string): AsyncGenerator<CatalogueStep> {
  const staged = new Map<string, RecordedEvent[]>();
  const scopes = new Map<string, readonly string[]>();
  let name = '';
  let description: string | null = null;
  let granted = ImmutableMap<string, readonly string[]>();
  for await (const event of store.readStream(catalogueStream)) {
    const publication = String(event.data.publication);
    if (event.type !== 'CataloguePublished') {
      const list = staged.get(publication);
      if (list) list.push(event);
      else staged.set(publication, [event]);
      continue;
    }
    const changes: string[] = [];
    for (const { type, data } of staged.get(publication) ?? []) {
      if (type === 'PermissionDefined') {
        scopes.set(String(data.key), data.scopes as readonly string[]);
        if (granted.has(String(data.key)))
          granted = granted.set(String(data.key), scopes.get(String(data.key)) ?? []);
      } else if (type === 'PermissionRetired' && granted.has(String(data.key))) {
        changes.push(`permission ${String(data.key)} retired`);
      } else if (type === 'DefaultRoleDefined' && data.key === role) {
        changes.push(name === '' ? `defined as “${String(data.name)}”` : `now “${String(data.name)}”`);
        name = String(data.name);
        description = String(data.description);
      } else if (type === 'DefaultRoleRetired' && data.key === role) {
        changes.push('retired');
      } else if (type === 'DefaultRoleGrantAdded' && data.role === role) {
        if (!granted.has(String(data.permission))) changes.push(`+${String(data.permission)}`);
        granted = granted.set(String(data.permission), scopes.get(String(data.permission)) ?? []);
      } else if (type === 'DefaultRoleGrantRemoved' && data.role === role) {
        changes.push(`-${String(data.permission)}`);
        granted = granted.delete(String(data.permission));
      }
    }
    staged.clear();
    if (changes.length === 0) continue;
    const change = `catalogue ${String(event.data.version)}: ${changes.join(', ')}`;
    yield { event, change, name, description, grants: granted };
  }
}

function describe({ type, data }: RoleEvent): string {
  switch (type) {
    case 'RoleCreated':
      return `created as “${data.name}”${data.copiedFrom ? `, a copy of ${data.copiedFrom}` : ''}`;
    case 'RoleRenamed':
      return `renamed from “${data.from}” to “${data.to}”`;
    case 'RoleDescriptionChanged':
      return `description changed from “${data.from ?? ''}” to “${data.to ?? ''}”`;
    case 'PermissionGranted':
      return `granted ${data.permission}${list(data.scopes)}`;
    case 'PermissionScopesChanged':
      return `scopes of ${data.permission} changed from${list(data.from)} to${list(data.to)}`;
    case 'PermissionRevoked':
      return `revoked ${data.permission}${list(data.scopes)}`;
    case 'UserAssigned':
      return `assigned ${data.user}`;
    case 'UserUnassigned':
      return `unassigned ${data.user}`;
    case 'RoleDeleted':
      return `deleted, named “${data.name}”`;
    case 'UserBarred':
      return data.member
        ? `ended the membership of ${data.user}, who is being deactivated`
        : `barred ${data.user}`;
    case 'UserUnbarred':
      return `unbarred ${data.user}`;
    case 'ClaimAbandoned':
      return 'fenced: a pending attempt at a claim was voided';
  }
}

const list = (scopes: readonly string[]): string => ` [${scopes.join(' ')}]`;
