import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createDecisionReads,
  openReadModels,
  openReadOnly,
  type LocalReadModels,
  type TablesToRead,
} from '../../projections';
import type { Ordinal, View } from '../../projections/view';
import { createCommandBus } from '../../src/commands/bus';
import type { Command, CommandBus, CommandOutcome } from '../../src/commands/command';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { validateCatalogueFile } from '../../src/domain/catalogue/file-rules';
import { validating } from '../../src/event-store/decorators/validating-store';
import type { JsonObject, Position, RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream, roleStream } from '../../src/event-store/port/streams';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { eventDigest } from '../../src/repair/digest';
import { newDirectory, removeDirectory } from '../directories';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { soundMetadata } from '../sound-metadata';
import { plainSealing } from '../sealing/plain';
import { edited, type Edits } from './random-catalogues';
import type { Wish } from './random-commands';

/** A log with commands and read models over it, in which random histories are lived. */

export const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;

export class World {
  readonly seen = new Map<string, number>();
  private readonly log = new MemoryEventStore();
  readonly store = validating(this.log);
  private readonly directory = newDirectory();
  private version = file.version;
  models!: LocalReadModels;
  /** The same tables, as exports read them. */
  tables!: TablesToRead;
  private bus!: CommandBus;

  static async open(): Promise<World> {
    const world = new World();
    const { store, directory } = world;
    const metadata = operatorMetadata({ actorId: 'test', requestId: 'test' });
    await publishCatalogue({ store, file, metadata });
    world.models = await openReadModels({ directory, store });
    await world.models.caughtUp();
    world.tables = openReadOnly(directory);
    const reads = createDecisionReads(world.models);
    world.bus = createCommandBus({
      store,
      reads,
      loader: new StreamLoader(store, null, {}, { declaredUpTo: () => reads.voidedBy() }),
      sealing: plainSealing,
      eraseKeys: () => Promise.resolve(),
      now: () => new Date(),
      pause: async () => undefined,
    });
    return world;
  }

  async close(): Promise<void> {
    this.tables.close();
    await this.models.close();
    await this.store.close();
    removeDirectory(this.directory);
  }

  view(account: string, ordinal?: Ordinal): View {
    return this.models.view(account, ordinal === undefined ? null : { ordinal });
  }

  async run(account: string, command: Command): Promise<CommandOutcome> {
    const outcome = await this.bus.execute(command, {
      account,
      actor: { type: 'operator', id: 'test' },
      requestId: 'test',
    });
    if (outcome.position !== null) expect(await this.models.waitFor(outcome.position, 10_000)).toBe(true);
    if (outcome.accepted && outcome.written > 0)
      this.seen.set(command.type, (this.seen.get(command.type) ?? 0) + 1);
    return outcome;
  }

  async publish(changes: Edits): Promise<void> {
    const next = edited(file, (this.version += 1), changes);
    // Only what may be published is.
    expect(validateCatalogueFile(next)).toMatchObject({ ok: true });
    const metadata = operatorMetadata({
      actorId: 'ops',
      requestId: 'test',
      reason: () => `catalogue ${this.version}`,
    });
    const { position } = await publishCatalogue({ store: this.store, file: next, metadata });
    expect(await this.models.waitFor(position!, 10_000)).toBe(true);
  }

  /** `between`: called before each wish, with its place. */
  async live(
    account: string,
    wishes: readonly Wish[],
    publications: readonly (Edits & { readonly after: number })[],
    between: (index: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await this.run(account, { type: 'openAccount', name: account, features: ['FLOW', 'PEOPLE'] });
    for (const user of ['ada', 'bob', 'cyd'])
      await this.run(account, { type: 'registerUser', user, username: user });
    await this.run(account, { type: 'registerUser', user: 'bot', username: 'bot', kind: 'SERVICE' });
    await this.run(account, { type: 'assignUsers', role: 'account-admin', userIds: ['ada'] });
    for (const [index, make] of wishes.entries()) {
      await between(index);
      for (const changes of publications)
        if (changes.after % wishes.length === index) await this.publish(changes);
      const view = this.models.view(account);
      const { items: roles } = await view.roleList(
        { kind: 'CUSTOM', includeDeleted: true },
        { field: 'NAME', direction: 'ASC' },
        {
          first: 50,
        },
      );
      await this.run(
        account,
        make({
          users: (await view.userList({}, { field: 'USERNAME', direction: 'ASC' }, { first: 50 })).items.map(
            ({ item }) => item.id,
          ),
          roles: [
            ...roles.map(({ item }) => item.id),
            'account-admin',
            'agent-for-conversations',
            'supervisor-for-conversations',
          ],
          permissions: file.permissions.slice(40, 75).map(({ key }) => key),
          services: (
            await view.userList({ kind: 'SERVICE' }, { field: 'USERNAME', direction: 'ASC' }, { first: 50 })
          ).items.map(({ item }) => item.id),
          apiKeysOf: (user) => (view.apiKeys([user]).get(user) ?? []).map(({ id }) => id),
          grantedBy: (role) =>
            role.startsWith('r_')
              ? (view.grants([role]).get(role) ?? []).map(({ permission }) => permission)
              : [],
          identitiesOf: (user) =>
            (view.identities([user]).get(user) ?? []).map(({ issuer, subject }) => ({
              issuer,
              subject: subject!,
            })),
          scopesOf: (key) => file.permissions.find((permission) => permission.key === key)?.scopes ?? [],
        }),
      );
    }
  }

  /** Records an assignment of nobody to a role, at which every reader stops, and declares it void. */
  async voidEvent(account: string, role: string): Promise<void> {
    const ghost = { type: 'UserAssigned', data: { role, user: 'ghost' } };
    await this.append(roleStream(account, role), { account, ...ghost });
    let poison: RecordedEvent | undefined;
    for await (const event of this.store.readAll()) poison = event;
    while (this.models.status().state !== 'poisoned') await sleep(5);
    const { id, stream, revision } = poison!;
    const data = { event: id, stream, revision, digest: eventDigest(poison!), reason: 'SUP-7' };
    const position = await this.append(repairStream, { account, type: 'EventVoided', data });
    expect(await this.models.waitFor(position, 60_000)).toBe(true);
    while (this.models.status().state !== 'live') await sleep(5);
  }

  private async append(
    stream: string,
    { account, type, data }: { account: string; type: string; data: JsonObject },
  ): Promise<Position> {
    const recordedAt = new Date().toISOString();
    const metadata = soundMetadata({ account, recordedAt, commandId: randomUUID() });
    const result = await this.log.append(stream, 'any', [{ id: randomUUID(), type, data, metadata }]);
    if (result.outcome !== 'appended') throw new Error('conflict');
    return result.position;
  }

  /**
   * Events of the log, oldest first, as they count now: without the names of those who are erased by now, and with those
   * marked that change nothing since they are void.
   */
  async events(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.store.readAll()) events.push(event);
    const ofType = (wanted: string): RecordedEvent[] => events.filter(({ type }) => type === wanted);
    const voids = new Set(ofType('EventVoided').map(({ data }) => String(data['event'])));
    const erased = new Set(ofType('UserErased').map(({ stream }) => stream));
    return events.map((event) => {
      const { id, stream, type } = event;
      if (voids.has(id) || (erased.has(stream) && type.startsWith('UserIdentity')))
        return { ...event, metadata: { ...event.metadata, passedOver: true } };
      return erased.has(stream) ? withoutNames(event) : event;
    });
  }
}

function withoutNames(event: RecordedEvent): RecordedEvent {
  const { type, data } = event;
  const { externalId: _, ...rest } = data;
  const nobody = { username: `erased-${String(data['user'])}`, name: 'Erased user' };
  if (type === 'UserRegistered') return { ...event, data: { ...rest, ...nobody } };
  return type === 'UserProfileChanged' ? { ...event, data: { ...data, to: nobody } } : event;
}
