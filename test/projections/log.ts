import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadModels, type LocalReadModels } from '../../projections';
import { contentOf } from '../../src/domain/catalogue/content';
import { diffCatalogue, publishedEvent } from '../../src/domain/catalogue/diff';
import { EMPTY_CATALOGUE, type CatalogueContent } from '../../src/domain/catalogue/catalogue';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { schemaVersionOf } from '../../src/domain/event-versions';
import type { RolebookEvent } from '../../src/domain/events';
import type { EventStore, JsonObject, NewEvent, Position } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { accountStream, catalogueStream, roleStream, userStream } from '../../src/event-store/port/streams';

/** A log that tests write by hand: events with sound metadata, one day apart unless told otherwise. */

export const ACCOUNT = 'acme';
export const START = Date.UTC(2026, 0, 1);
export const DAY = 86_400_000;

type Data<T extends RolebookEvent['type']> = Extract<RolebookEvent, { type: T }>['data'];

export class Log {
  actor: { readonly type: 'user' | 'service' | 'operator'; readonly id: string } = {
    type: 'user',
    id: 'ada',
  };
  reason: string | undefined;
  /** False to publish as releases did that did not record the version before. */
  recordsPrevious = true;
  /** Days since the start, of the next append. */
  day = 0;
  private content: CatalogueContent = EMPTY_CATALOGUE.content;

  constructor(readonly store: EventStore = new MemoryEventStore()) {}

  event(type: string, data: object, part = 1, parts = 1): NewEvent {
    return {
      id: randomUUID(),
      type,
      data: data as JsonObject,
      metadata: {
        actorType: this.actor.type,
        actorId: this.actor.id,
        account: ACCOUNT,
        command: 'test',
        commandId: randomUUID(),
        inputHash: '0',
        requestId: 'request-1',
        part: String(part),
        parts: String(parts),
        basis: '-',
        schemaVersion: schemaVersionOf({ type, data }),
        recordedAt: new Date(START + this.day * DAY).toISOString(),
        ...(this.reason === undefined ? {} : { reason: this.reason }),
      },
    };
  }

  async append(
    stream: string,
    ...events: readonly (readonly [type: string, data: object])[]
  ): Promise<Position> {
    const commandId = randomUUID();
    const parts = events.map(([type, data], index) => {
      const event = this.event(type, data, index + 1, events.length);
      return { ...event, metadata: { ...event.metadata, commandId } };
    });
    const result = await this.store.append(stream, 'any', parts);
    this.day += 1;
    if (result.outcome !== 'appended') throw new Error('conflict');
    return result.position;
  }

  account(account = ACCOUNT): Promise<Position> {
    return this.append(accountStream(account), ['AccountOpened', { account, name: 'Acme' }]);
  }

  feature(feature: string, enabled = true, account = ACCOUNT): Promise<Position> {
    return this.append(accountStream(account), [
      enabled ? 'FeatureEnabled' : 'FeatureDisabled',
      { account, feature },
    ]);
  }

  register(user: string, name = user, username = user, account = ACCOUNT): Promise<Position> {
    return this.append(userStream(account, user), ['UserRegistered', { user, username, name }]);
  }

  user<T extends RolebookEvent['type']>(
    user: string,
    type: T,
    data: Omit<Data<T>, 'user'>,
  ): Promise<Position> {
    return this.append(userStream(ACCOUNT, user), [type, { user, ...data }]);
  }

  role(role: string, ...events: readonly (readonly [type: string, data: object])[]): Promise<Position> {
    return this.append(
      roleStream(ACCOUNT, role),
      ...events.map(([type, data]) => [type, { role, ...data }] as const),
    );
  }

  create(role: string, name: string, grants: Record<string, readonly string[]> = {}, users: string[] = []) {
    return this.role(
      role,
      ['RoleCreated', { name, description: null, copiedFrom: null }],
      ...Object.entries(grants).map(
        ([permission, scopes]) => ['PermissionGranted', { permission, scopes }] as const,
      ),
      ...users.map((user) => ['UserAssigned', { user }] as const),
    );
  }

  assign(role: string, ...users: string[]): Promise<Position> {
    return this.role(role, ...users.map((user) => ['UserAssigned', { user }] as const));
  }

  async publish(file: CatalogueFile): Promise<Position> {
    const publication = randomUUID();
    const staged = diffCatalogue(this.content, file, publication);
    if (staged.length > 0)
      await this.append(catalogueStream, ...staged.map(({ type, data }) => [type, data] as const));
    const { type, data: recorded } = publishedEvent(this.content, file, publication, staged);
    const { previousVersion: _previous, ...before } = recorded;
    const data = this.recordsPrevious ? recorded : before;
    // Retired entries are not followed here: a test that needs it says so by the events themselves.
    this.content = contentOf(file);
    return this.append(catalogueStream, [type, data]);
  }
}

/** A small catalogue: two sections, two features, two default roles. */
export const CATALOGUE: CatalogueFile = {
  version: 1,
  groups: [{ key: 'admins', name: 'Admins' }],
  features: [
    { key: 'BASE', name: 'Base', required: true },
    { key: 'FLOW', name: 'Flow' },
  ],
  scopes: [
    { name: 'flow:manage', includes: ['flow:read'] },
    { name: 'flow:read' },
    { name: 'people:read' },
    { name: 'roles:manage' },
  ],
  sections: [
    { key: 'flows', name: 'Flows', description: 'Flows.' },
    { key: 'people', name: 'People', description: 'People.' },
  ],
  permissions: [
    permission('flows/view', 'flows', 'FLOW', ['flow:read']),
    permission('flows/edit', 'flows', 'FLOW', ['flow:manage', 'flow:read']),
    permission('people/view', 'people', 'BASE', ['people:read']),
    { ...permission('roles/manage', 'people', 'BASE', ['roles:manage']), privileged: true },
  ],
  defaultRoles: [
    defaultRole('account-admin', 'Account Admin', [
      'flows/view',
      'flows/edit',
      'people/view',
      'roles/manage',
    ]),
    defaultRole('viewer', 'Viewer', ['flows/view', 'people/view']),
  ],
  conflicts: [],
};

function permission(key: string, section: string, feature: string, scopes: string[]) {
  return { key, section, description: key, feature, privileged: false, scopes };
}
function defaultRole(key: string, name: string, permissions: string[]) {
  return { key, name, group: 'admins', description: name, permissions };
}

/** Read models in a folder of their own; all is closed and removed by `cleanUp`. */
export class Models {
  readonly directory = mkdtempSync(join(tmpdir(), 'rolebook-read-models-'));
  readonly opened: LocalReadModels[] = [];

  async open(store: EventStore): Promise<LocalReadModels> {
    const models = await openReadModels({ directory: this.directory, store });
    this.opened.push(models);
    return models;
  }

  /** Opened, and current. */
  async current(store: EventStore): Promise<LocalReadModels> {
    const models = await this.open(store);
    await models.caughtUp();
    return models;
  }

  /** Names of the databases, without what belongs to them. */
  files(): string[] {
    return readdirSync(this.directory)
      .filter((name) => name.endsWith('.sqlite'))
      .sort();
  }

  async cleanUp(): Promise<void> {
    for (const models of this.opened) await models.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
