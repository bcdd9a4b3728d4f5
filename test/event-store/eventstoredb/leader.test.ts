import { status } from '@grpc/grpc-js';
import { collect, failureOf, newEvents, newStream, write } from '../contract/controls';
import { notLeader } from './fake/answers';
import { FakeControls, QUICK, isCaughtUp, untilItem } from './fake/controls';
import { endBadly, type FakeEventStoreDb } from './fake/server';

/**
 * Reads go to the leader alone: a follower may not have yet what was acknowledged, and a command that is decided on its
 * answer refuses what is right, or takes for done what is not.
 */
describe('a read from a cluster of EventStoreDB', () => {
  const controls = new FakeControls();
  let follower: FakeEventStoreDb;
  let leader: FakeEventStoreDb;
  let url: string;
  beforeEach(async () => {
    follower = await controls.server();
    leader = await controls.server();
    url = `esdb://127.0.0.1:${follower.port},127.0.0.1:${leader.port}?tls=false`;
    follower.onRead = (call, answer) =>
      call.metadata.get('requires-leader').length > 0 ? endBadly(call, notLeader(leader.port)) : answer();
  });
  afterEach(() => controls.cleanUp());

  it('of any kind asks for the leader', async () => {
    const wanted: boolean[] = [];
    leader.onRead = (call, answer) => {
      wanted.push(call.metadata.get('requires-leader').length > 0);
      answer();
    };
    const store = await controls.open(leader);
    await write(store, newStream(), newEvents(1));
    await collect(store.readStream(newStream()));
    await collect(store.readAll());
    await store.head();
    await untilItem(store, isCaughtUp);
    expect(wanted).toEqual([true, true, true, true, true]);
  });

  it('never shows less than what was acknowledged, though a follower is the first to be found', async () => {
    // While a leader is elected, gossip names followers only.
    follower.leader = () => follower.port;
    leader.leader = () => follower.port;
    const store = await controls.open(url);
    const stream = newStream();
    await write(store, stream, newEvents(3));
    expect(follower.log.all).toEqual([]);
    expect(await collect(store.readStream(stream))).toHaveLength(3);
    expect(await collect(store.readAll())).toHaveLength(3);
    expect((await store.head())?.revision).toBe(2);
    expect(await untilItem(store, () => true)).toMatchObject({ event: { stream } });
  });

  it('waits out an election', async () => {
    const store = await controls.open(url);
    await write(store, newStream(), newEvents(2));
    let refusals = 3;
    leader.onRead = (call, answer) =>
      refusals-- > 0
        ? endBadly(call, { code: status.UNAVAILABLE, details: 'Server Is Not Ready' })
        : answer();
    expect(await collect(store.readAll())).toHaveLength(2);
    expect(refusals).toBe(-1);
  });

  it('goes to who leads next when the one that led is gone', async () => {
    const next = await controls.server(leader.log);
    const store = await controls.open(`${url.replace('?', `,127.0.0.1:${next.port}?`)}`);
    for (const each of [follower, leader, next]) each.leader = () => leader.port;
    const stream = newStream();
    await write(store, stream, newEvents(1));
    expect(await collect(store.readStream(stream))).toHaveLength(1);
    leader.stop();
    for (const each of [follower, next]) each.leader = () => next.port;
    expect(await collect(store.readStream(stream))).toHaveLength(1);
  });

  it('that has given something is not begun again: its consumer would see it twice', async () => {
    const store = await controls.open(url);
    const stream = newStream();
    await write(store, stream, newEvents(3));
    let reads = 0;
    leader.onRead = (call) => {
      reads += 1;
      const [first] = leader.log.stream(stream);
      if (first)
        void leader.reads
          .sendEvent(call, first)
          .then(() => endBadly(call, { code: status.UNAVAILABLE, details: 'Server Is Not Ready' }));
    };
    expect(await failureOf(collect(store.readStream(stream)))).toBe('UNAVAILABLE');
    expect(reads).toBe(1);
  });

  it('is given up in the end where nobody leads', async () => {
    leader.onRead = (call) => endBadly(call, { code: status.UNAVAILABLE, details: 'Server Is Not Ready' });
    const store = await controls.open(url, QUICK);
    expect(await failureOf(collect(store.readStream(newStream())))).toBe('UNAVAILABLE');
  });

  it('of one node that is gone fails at once: there is no other', async () => {
    const store = await controls.open(leader);
    await write(store, newStream(), newEvents(1));
    leader.stop();
    expect(await failureOf(collect(store.readAll()))).toBe('UNAVAILABLE');
    await leader.start();
    expect(await collect(store.readAll())).toHaveLength(1);
  });
});
