import { claimFold, roleFold } from '../../src/commands/streams/folds';
import { exploreAll } from './exploration';
import type { Appending } from './race';
import { named } from './scenarios';
import type { SharedLog } from './shared-log';

/** Logs that break their word, one each: what the protocols rest on, they rest on, and the checks notice. */

/** Says that these were written, and does not write them. */
const unwritten =
  (type: string, when: (log: SharedLog, stream: string, data: Data) => boolean = () => true): Appending =>
  (log, call) => {
    const { stream, events } = call;
    if (events[0]?.type !== type || !when(log, stream, events[0].data as unknown as Data))
      return log.append(call);
    const last = log.events.at(-1);
    return { log, result: { outcome: 'appended', revision: 0, position: last?.position ?? 1n } };
  };
interface Data {
  readonly owner: string;
  readonly user: string;
}

/** Does not look at the revision that these are to be written at. */
const heedless =
  (type?: string): Appending =>
  (log, call) =>
    log.append(type && call.events[0]?.type !== type ? call : { ...call, expected: 'any' });

const folded = <T>(
  log: SharedLog,
  stream: string,
  { initial, evolve }: { initial: T; evolve: (state: T, event: never) => T },
): T => log.read(stream).reduce((state, event) => evolve(state, event as never), initial);

const holds = (log: SharedLog, stream: string, { owner }: Data): boolean =>
  folded(log, stream, claimFold).holder === owner;
const isBarred = (log: SharedLog, stream: string, { user }: Data): boolean =>
  folded(log, stream, roleFold).barred.has(user);

/** Does not record that a user who joins a role is a service user. */
const kindless: Appending = (log, call) =>
  log.append({
    ...call,
    events: call.events.map((event) => {
      const { kind: _kind, ...data } = event.data;
      return event.type === 'UserAssigned' ? { ...event, data } : event;
    }),
  });

/** Answers a repeated append as if it had been written now. */
const forgetful: Appending = (log, call) => {
  const { log: after, result } = log.append(call);
  if (after !== log || result.outcome !== 'appended') return { log: after, result };
  return { log, result: { ...result, position: BigInt(log.length) } };
};

/** Never lets a fence pass. */
const fenceless: Appending = (log, call) =>
  call.events[0]?.type === 'ClaimAbandoned'
    ? { log, result: { outcome: 'conflict', actual: 0 } }
    : log.append(call);

test.each([
  [
    'names without claims',
    'two roles are created under one name',
    unwritten('Claimed'),
    'two roles bear agents',
  ],
  [
    'external ids without claims',
    'two users want one external id',
    unwritten('Claimed'),
    'two users bear the external id E1',
  ],
  [
    'external ids without fences',
    'two users want one external id',
    unwritten('ClaimAbandoned'),
    'two users bear the external id E1',
  ],
  [
    'names without fences',
    'two roles are created under one name',
    unwritten('ClaimAbandoned'),
    'two roles bear agents',
  ],
  [
    'a claim that is taken once, and not on every attempt',
    'a role is renamed away and back while another is created under the name',
    unwritten('Claimed', holds),
    'two roles bear',
  ],
  [
    'claims taken at any revision',
    'two roles are created under one name',
    heedless('Claimed'),
    'two roles bear agents',
  ],
  [
    'claims released at any revision',
    'a role is renamed away on one replica, and back on the other',
    heedless('Released'),
    'then createRole: ok, not NAME_TAKEN',
  ],
  [
    'claims released that are younger than the change',
    'one key, a role is renamed on two replicas, and back between',
    forgetful,
    'then createRole',
  ],
  [
    'fences at any revision',
    'two roles are created under one name',
    heedless('ClaimAbandoned'),
    'two roles bear agents',
  ],
  [
    'fences that never pass',
    'two roles are created under one name',
    fenceless,
    'does not end though others pause',
  ],
  [
    'conflicts without fences',
    'one user is assigned to two conflicting roles',
    unwritten('ClaimAbandoned'),
    'is in maker and checker',
  ],
  [
    'conflicts without claims',
    'one user is assigned to two conflicting roles',
    unwritten('Claimed'),
    'is in maker and checker',
  ],
  [
    'deactivation without bars',
    'the last two admins are deactivated',
    unwritten('UserBarred'),
    'is inactive and not barred',
  ],
  [
    'a bar that is written once, and not on every attempt',
    'one inactive user is deactivated and reactivated',
    unwritten('UserBarred', isBarred),
    'is inactive and not barred',
  ],
  [
    'a bar that is lifted at any revision',
    'one user is deactivated and reactivated while being deactivated',
    heedless('UserUnbarred'),
    'is inactive and not barred',
  ],
  [
    'reactivation that lifts no bar',
    'one inactive user is reactivated twice at once',
    unwritten('UserUnbarred'),
    'is active and barred',
  ],
  [
    'reactivation without fences',
    'one user is deactivated and reactivated',
    unwritten('ClaimAbandoned'),
    'is inactive and not barred',
  ],
  [
    'service users who join as if they were persons',
    'a service user becomes an admin while the last one who is a person goes',
    kindless,
    'no active account admin who is a person',
  ],
  ['appends at any revision', 'the last two admins are deactivated', heedless(), 'no active account admin'],
  [
    'keys with appends at any revision',
    'one key, assignUsers on two replicas, unassigned between',
    heedless(),
    'was recorded 2 times',
  ],
] as [string, string, Appending, string][])('the checks notice: %s', async (_what, name, append, fault) => {
  await expect(exploreAll({ ...named(name), append })).rejects.toThrow(fault);
});
