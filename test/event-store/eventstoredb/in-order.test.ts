import { MemoryEventStore } from '../memory/memory-store';
import { appendUntilKnown } from '../../../src/event-store/port/append-until-known';
import { copyLog, LogMismatchError, type Copied } from '../../../src/operations/log/copy';
import { verifyLog } from '../../../src/operations/log/verify';
import { fill } from '../../operations/sound-log';
import { collect, failureOf, idsOf, newEvents, newStream } from '../contract/controls';
import { answerOf, errorAnswer } from './fake/answers';
import { FakeControls } from './fake/controls';
import { endBadly, type FakeEventStoreDb } from './fake/server';

/** A whole log is brought to EventStoreDB, many appends at a time, while the server does what it rarely does. */
describe('appends in order to EventStoreDB', () => {
  const controls = new FakeControls();
  let server: FakeEventStoreDb;
  let source: MemoryEventStore;
  beforeEach(async () => {
    server = await controls.server();
    source = new MemoryEventStore();
    await fill(source, 200, 20);
  });
  afterEach(() => controls.cleanUp());

  const nothing = (): void => undefined;
  const copy = async (): Promise<Copied> =>
    copyLog(source, await controls.open(server), { onProgress: nothing });
  const expectEqual = async (): Promise<void> => {
    const { place: _inTarget, ...found } = await verifyLog(await controls.open(server), nothing);
    const { place: _inSource, ...wanted } = await verifyLog(source, nothing);
    expect(found).toEqual(wanted);
  };

  it('go on where they were after the connection broke', async () => {
    let appends = 0;
    server.onAppend = (_call, _request, answer) => {
      if ((appends += 1) === 90) {
        server.stop();
        return void setTimeout(() => void server.start(), 100);
      }
      answer();
    };
    const { compared, copied } = await copy();
    expect(compared + copied).toBe(300);
    await expectEqual();
  });

  it.each([
    ['was not confirmed in time', true],
    ['was cut off with its stream', false],
  ])('go on after one that is there and %s', async (_how, answered) => {
    let appends = 0;
    server.onAppend = (call, request, answer) => {
      if ((appends += 1) !== 90) return answer();
      server.decide(request);
      if (answered) call.write(errorAnswer(request, 'Timeout'));
      else endBadly(call, { code: 13, details: 'gone' });
    };
    const { compared, copied } = await copy();
    expect([compared > 0, compared + copied]).toEqual([true, 300]);
    await expectEqual();
  });

  it('that lost their order are told so, for no later append mends it', async () => {
    let appends = 0;
    server.onAppend = (call, request, answer) =>
      (appends += 1) === 90 ? void call.write(errorAnswer(request, '', 'Server Is Busy')) : answer();
    await expect(copy()).rejects.toThrow(LogMismatchError);
  });

  it('are not sent again by themselves, out of their turn', async () => {
    let refused = 0;
    server.onAppend = (call, request) => {
      refused += 1;
      call.write(errorAnswer(request, '', 'Server Is Not Ready'));
    };
    const store = await controls.open(server);
    const given = async function* () {
      for (let n = 0; n < 5; n += 1)
        yield { stream: newStream(), expected: 'no-stream' as const, events: newEvents(1) };
    };
    expect(await failureOf(collect(store.appendInOrder(given())))).toBe('UNKNOWN_OUTCOME');
    // The first goes alone.
    expect(refused).toBe(1);
  });
});

describe('an append that stood there already', () => {
  const controls = new FakeControls();
  afterEach(() => controls.cleanUp());

  it('is not told as a conflict when it may be our own, and is found by its ids', async () => {
    const server = await controls.server();
    const store = await controls.open(server);
    const stream = newStream();
    const events = newEvents(2);
    let attempts = 0;
    // Written but not confirmed, and then not recognised: as when the one that recognises repeats is another leader.
    server.onAppend = (call, request) => {
      if ((attempts += 1) === 1) server.decide(request);
      call.write(
        attempts === 1
          ? errorAnswer(request, 'Timeout')
          : answerOf(request, { outcome: 'conflict', actual: 1 }),
      );
    };
    expect(await failureOf(store.append(stream, 'no-stream', events))).toBe('UNKNOWN_OUTCOME');
    attempts = 0;
    const tools = { store, pause: () => Promise.resolve() };
    expect(await appendUntilKnown(tools, stream, 'no-stream', events)).toMatchObject({
      outcome: 'appended',
      revision: 1,
    });
    expect(idsOf(await collect(store.readStream(stream)))).toEqual(idsOf(events));
  });
});
