import { claimFold, roleFold } from '../../src/commands/streams/folds';
import { encodeSnapshot } from '../../src/commands/streams/snapshot-codec';
import { emptyStream, foldEvent, type Fold } from '../../src/commands/streams/stream-state';
import type { ClaimEvent } from '../../src/domain/claim/events';
import type { RoleEvent } from '../../src/domain/role/events';
import type { JsonObject } from '../../src/event-store/port/event-store';
import { claimStream, roleStream } from '../../src/event-store/port/streams';
import { soundMetadata } from '../sound-metadata';

/**
 * The format of snapshots follows from the fields of a state; what it cannot see is a fold that makes something else of the
 * same events. Each fold whose streams have snapshots is given events of every type: where this comes out otherwise, raise
 * the version beside the fold, in `folds.ts`, and here.
 */
type DataOf<Event extends { readonly type: string; readonly data: object }> = {
  readonly [Type in Event['type']]: readonly Extract<Event, { type: Type }>['data'][];
};

const role = 'r';
const ROLE: DataOf<RoleEvent> = {
  RoleCreated: [{ role, name: 'A', description: null, copiedFrom: null }],
  RoleRenamed: [{ role, from: 'A', to: 'B' }],
  RoleDescriptionChanged: [{ role, from: null, to: 'words' }],
  PermissionGranted: ['a/a', 'b/b', 'c/c'].map((permission) => ({ role, permission, scopes: ['x', 'y'] })),
  PermissionScopesChanged: [{ role, permission: 'b/b', from: ['x', 'y'], to: ['x'] }],
  PermissionRevoked: [{ role, permission: 'c/c', scopes: ['x', 'y'] }],
  UserAssigned: ['ann', 'bob', 'cat'].map((user) => ({ role, user })),
  UserUnassigned: [{ role, user: 'bob' }],
  UserBarred: [
    { role, user: 'cat', member: true },
    { role, user: 'dan', member: false },
    { role, user: 'eve', member: false },
  ],
  UserUnbarred: [{ role, user: 'eve' }],
  ClaimAbandoned: [{ claim: 'c' }],
  RoleDeleted: [],
};
const claimed = { kind: 'ROLE_CONFLICT', owner: 'r', users: ['ann', 'bob'] } as const;
const CLAIM: DataOf<ClaimEvent> = {
  Claimed: [
    { ...claimed, users: ['ann', 'bob'] },
    { ...claimed, owner: 's', users: ['cat'] },
  ],
  Released: [
    { ...claimed, owner: 's', users: [] },
    { ...claimed, users: ['bob'] },
  ],
};

async function encoded<State extends object>(
  stream: string,
  fold: Fold<State>,
  events: Readonly<Record<string, readonly object[]>>,
): Promise<readonly unknown[]> {
  let loaded = emptyStream(stream, fold);
  let revision = 0;
  for (const [type, all] of Object.entries(events)) {
    for (const data of all) {
      const metadata = soundMetadata({ keyed: 'true', commandId: 'command', inputHash: 'hash' });
      const place = { stream, revision, position: BigInt(revision) };
      loaded = foldEvent(
        loaded,
        { id: `${revision}`, type, data: data as JsonObject, metadata, ...place },
        fold,
      );
      revision += 1;
    }
  }
  const pieces: unknown[] = [];
  for await (const piece of encodeSnapshot(loaded)) pieces.push(JSON.parse(piece));
  return pieces;
}

const commandAt = (position: string) => ({ of: 'keyed commands', items: [['command', 'hash', position]] });

test('a role', async () => {
  const state = { created: true, deleted: false, name: 'B', description: 'words', version: 13 };
  const barred = { of: 'barred', items: ['cat', 'dan'] };
  expect(await encoded(roleStream('acme', role), roleFold, ROLE)).toEqual([
    { position: '16', state },
    {
      of: 'grants',
      items: [
        ['a/a', ['x', 'y']],
        ['b/b', ['x']],
      ],
    },
    { of: 'members', items: ['ann'] },
    barred,
    commandAt('16'),
  ]);
  const gone: typeof ROLE = { ...ROLE, RoleDeleted: [{ role, name: 'B' }] };
  expect(await encoded(roleStream('acme', role), roleFold, gone)).toEqual([
    { position: '17', state: { ...state, deleted: true, version: 14 } },
    barred,
    commandAt('17'),
  ]);
  expect(roleFold.version).toBe(1);
});

test('a claim', async () => {
  expect(await encoded(claimStream('acme', 'c'), claimFold, CLAIM)).toEqual([
    { position: '3', state: { holder: null } },
    {
      of: 'byUser',
      items: [
        ['ann', 'r'],
        ['cat', 's'],
      ],
    },
    commandAt('3'),
  ]);
  expect(claimFold.version).toBe(1);
});
