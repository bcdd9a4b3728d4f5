import { status } from '@grpc/grpc-js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { collect, failureOf, idsOf, newEvent, newEvents, newStream, write } from '../contract/controls';
import { accessDenied, answerOf, answerTo, errorAnswer, notLeader, readAppend } from './fake/answers';
import { FakeControls, QUICK } from './fake/controls';
import { endBadly, type AppendCall, type FakeEventStoreDb } from './fake/server';

/** Rare behaviour of a real server, provoked: no append may hang, be reported wrongly, or be written twice. */
describe('an append to EventStoreDB', () => {
  const controls = new FakeControls();
  let server: FakeEventStoreDb;
  beforeEach(async () => {
    server = await controls.server();
  });
  afterEach(() => controls.cleanUp());

  const properly = (): void => {
    server.onAppend = (_call, _request, answer) => answer();
    server.onRead = (_call, answer) => answer();
  };
  const answering = (answer: (request: Parameters<typeof answerTo>[0]) => BatchAppendResp): void => {
    server.onAppend = (call, request) => void call.write(answer(request));
  };

  describe('whose outcome is not told', () => {
    const ways: Record<string, (call: AppendCall) => void> = {
      'for the server is silent': () => undefined,
      'for the server ends the stream of appends in good order': (call) => call.end(),
      'for the connection breaks': () => server.stop(),
      'for the call fails as unavailable': (call) =>
        endBadly(call, { code: status.UNAVAILABLE, details: 'going down' }),
      'for the deadline of the server was exceeded': (call) =>
        endBadly(call, { code: status.DEADLINE_EXCEEDED, details: 'too late' }),
      'for the server fails as it does while it stops': (call) =>
        endBadly(call, { code: status.UNKNOWN, details: 'Exception was thrown by handler.' }),
      'for the server cancels the call': (call) =>
        endBadly(call, { code: status.CANCELLED, details: 'cancelled' }),
    };

    it.each(Object.keys(ways))('%s, says so, and is written once when it is sent again', async (way) => {
      const store = await controls.open(server, QUICK);
      const stream = newStream();
      const events = newEvents(2);
      for (const written of [false, true]) {
        server.onAppend = (call, request) => {
          if (written) server.decide(request);
          ways[way]?.(call);
        };
        const expected = written ? 1 : 'no-stream';
        const next = written ? newEvents(2) : events;
        expect(await failureOf(store.append(stream, expected, next))).toBe('UNKNOWN_OUTCOME');
        properly();
        if (way.includes('connection')) await server.start();
        expect(await store.append(stream, expected, next)).toMatchObject({
          outcome: 'appended',
          revision: written ? 3 : 1,
        });
      }
      expect(server.log.stream(stream)).toHaveLength(4);
    });

    it('leaves no other append of the process waiting', async () => {
      const store = await controls.open(server, QUICK);
      const deaf = newStream();
      server.onAppend = (_call, request, answer) =>
        readAppend(request).stream === deaf ? undefined : answer();
      const silent = store.append(deaf, 'no-stream', newEvents(1));
      await write(store, newStream(), newEvents(1));
      expect(await failureOf(silent)).toBe('UNKNOWN_OUTCOME');
      await write(store, newStream(), newEvents(1));
    });

    it('does not touch the appends of another store in the process', async () => {
      const [one, other] = [await controls.open(server), await controls.open(await controls.server())];
      await write(one, newStream(), newEvents(1));
      server.onAppend = (call) => endBadly(call, { code: status.UNAVAILABLE, details: 'gone' });
      const failing = one.append(newStream(), 'no-stream', newEvents(1));
      const appends = Array.from({ length: 20 }, () => write(other, newStream(), newEvents(1)));
      expect(await failureOf(failing)).toBe('UNKNOWN_OUTCOME');
      expect(await Promise.all(appends)).toHaveLength(20);
    });
  });

  describe('for which no server is found', () => {
    it('is unavailable, with nothing sent, until one is there', async () => {
      server.stop();
      const store = await controls.open(server);
      const stream = newStream();
      expect(await failureOf(store.append(stream, 'no-stream', newEvents(1)))).toBe('UNAVAILABLE');
      await server.start();
      expect(await store.append(stream, 'no-stream', newEvents(1))).toMatchObject({ outcome: 'appended' });
    });

    it('is unavailable, with nothing sent, when the server takes the connection and is silent', async () => {
      server.onRead = () => undefined;
      const store = await controls.open(server, QUICK);
      expect(await failureOf(store.append(newStream(), 'no-stream', newEvents(1)))).toBe('UNAVAILABLE');
      expect(server.log.all).toEqual([]);
      properly();
      await write(store, newStream(), newEvents(1));
    });
  });

  describe('while a leader is looked for', () => {
    it('follows the one that the asked node names', async () => {
      const leader = await controls.server(server.log);
      server.onRead = (call) => endBadly(call, notLeader(leader.port));
      const store = await controls.open(server);
      const asked: string[] = [];
      leader.onAppend = (_call, request, answer) => {
        asked.push(readAppend(request).stream);
        answer();
      };
      const stream = newStream();
      await write(store, stream, newEvents(1));
      expect(asked).toEqual([stream]);
    });

    it('follows it also from the middle of its appends', async () => {
      const store = await controls.open(server);
      const stream = newStream();
      const first = newEvents(1);
      await write(store, stream, first);
      const leader = await controls.server(server.log);
      server.onRead = (call, answer) =>
        call.metadata.get('requires-leader').length > 0 ? endBadly(call, notLeader(leader.port)) : answer();
      server.onAppend = (call) => endBadly(call, notLeader(leader.port));
      const second = newEvents(1);
      expect(await store.append(stream, 0, second)).toMatchObject({ outcome: 'appended', revision: 1 });
      expect(idsOf(await collect(store.readStream(stream)))).toEqual(idsOf([...first, ...second]));
    });

    it.each(['Server Is Not Ready', 'Server Is Busy', 'No leader info available in response'])(
      'is sent again after "%s"',
      async (message) => {
        const store = await controls.open(server);
        let refusals = 2;
        server.onAppend = (call, request, answer) =>
          refusals-- > 0 ? void call.write(errorAnswer(request, '', message)) : answer();
        await write(store, newStream(), newEvents(1));
      },
    );

    it('is sent again after the server could not commit in time', async () => {
      const store = await controls.open(server);
      let refusals = 1;
      server.onAppend = (call, request, answer) =>
        refusals-- > 0 ? void call.write(errorAnswer(request, 'Timeout')) : answer();
      await write(store, newStream(), newEvents(1));
    });

    it('is given up in the end: its outcome is unknown, for it was sent', async () => {
      const store = await controls.open(server, QUICK);
      answering((request) => errorAnswer(request, 'Timeout'));
      expect(await failureOf(store.append(newStream(), 'any', newEvents(1)))).toBe('UNKNOWN_OUTCOME');
    });

    it('is unavailable in the end when it never got as far as being sent', async () => {
      server.onRead = (call) => endBadly(call, { code: status.UNAVAILABLE, details: 'Server Is Not Ready' });
      const store = await controls.open(server, QUICK);
      expect(await failureOf(store.append(newStream(), 'any', newEvents(1)))).toBe('UNAVAILABLE');
    });

    it('finds another node of a cluster when the one that led is gone', async () => {
      const other = await controls.server(server.log);
      const store = await controls.open(`esdb://127.0.0.1:${server.port},127.0.0.1:${other.port}?tls=false`);
      other.leader = () => server.port;
      await write(store, newStream(), newEvents(1));
      server.stop();
      const stream = newStream();
      const events = newEvents(1);
      setTimeout(() => (other.leader = () => other.port), 300);
      const outcome = await store.append(stream, 'no-stream', events).catch(() => null);
      expect(outcome ?? (await store.append(stream, 'no-stream', events))).toMatchObject({ revision: 0 });
      expect(server.log.stream(stream)).toHaveLength(1);
    });
  });

  describe('that the server refuses', () => {
    it.each([
      ['AccessDenied', 'DENIED'],
      ['MaximumAppendSizeExceeded', 'TOO_LARGE'],
      ['MaximumAppendEventSizeExceeded', 'TOO_LARGE'],
      ['StreamDeleted', 'CORRUPT'],
      ['BadRequest', 'INVALID_ARGUMENT'],
    ])('with %s fails at once as %s', async (type, code) => {
      const store = await controls.open(server);
      let asked = 0;
      server.onAppend = (call, request) => {
        asked++;
        call.write(errorAnswer(request, type));
      };
      expect(await failureOf(store.append(newStream(), 'any', newEvents(1)))).toBe(code);
      expect(asked).toBe(1);
    });

    it('to let in at all fails as denied, with nothing sent', async () => {
      server.onRead = (call) => endBadly(call, accessDenied());
      const store = await controls.open(server);
      expect(await failureOf(store.append(newStream(), 'any', newEvents(1)))).toBe('DENIED');
    });
  });

  describe('that is answered badly', () => {
    it('without a revision is of unknown outcome', async () => {
      const store = await controls.open(server);
      answering(answerTo);
      expect(await failureOf(store.append(newStream(), 'any', newEvents(1)))).toBe('UNKNOWN_OUTCOME');
    });

    it('to nobody in particular does no harm', async () => {
      const store = await controls.open(server);
      server.onAppend = (call, request, answer) => {
        const stray = answerOf(request, { outcome: 'appended', revision: 7, position: 7n });
        stray.clearCorrelationId();
        call.write(stray);
        answer();
        answer();
      };
      expect(await store.append(newStream(), 'no-stream', newEvents(1))).toMatchObject({ revision: 0 });
      properly();
      await write(store, newStream(), newEvents(1));
    });

    it('without a position has it read', async () => {
      const store = await controls.open(server);
      answering((request) => {
        const answer = server.decide(request);
        answer.getSuccess()?.clearPosition();
        return answer;
      });
      const stream = newStream();
      const result = await store.append(stream, 'no-stream', [newEvent(), newEvent()]);
      const [, last] = await collect(store.readStream(stream));
      expect(result).toEqual({ outcome: 'appended', revision: 1, position: last?.position });
    });
  });

  describe('and the end', () => {
    it('does not wait until a silent server has used up its time', async () => {
      const store = await controls.open(server);
      server.onAppend = () => undefined;
      const append = failureOf(store.append(newStream(), 'any', newEvents(1)));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await store.close();
      expect(await append).toBe('UNKNOWN_OUTCOME');
    });
  });
});
