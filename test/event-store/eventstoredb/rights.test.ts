import { ANY, BACKWARDS, END, EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import { CreateReq } from '@eventstore/db-client/generated/users_pb';
import { internals, type Credentials } from '../../../src/event-store/eventstoredb/client';
import { openEventStoreDb, setUpServer, type EventStoreDbStore } from '../../../src/event-store/eventstoredb';
import { asEsdb } from '../../../src/event-store/eventstoredb/options';
import { newSegmentId } from '../../../src/keys/key-id';
import { openEventStoreDbSegments } from '../../../src/keys/stores/eventstoredb';
import { bucketOf } from '../../../src/keys/stores/eventstoredb/bucket';
import { newPrefix, securedServer } from '../../eventstoredb';
import { isCaughtUp, untilItem } from './fake/controls';
import { collect, failureOf, newEvent, newEvents, newStream, write } from '../contract/controls';

/**
 * Rights of the user that `rolebook log setup` makes, and of nobody in particular, on a server with TLS: any server of
 * the tests' own, since its default rights are closed and stay so.
 */
if (securedServer) {
  const { address, administrator } = securedServer;
  const streamPrefix = newPrefix();
  const service = { username: `${streamPrefix}_service`, password: 'a:b@c/d?e%f&ü' };
  const reader = { username: `${streamPrefix}_reader`, password: 'reads' };

  const setUp = async (password = service.password): Promise<string[]> => {
    const steps: string[] = [];
    await setUpServer({
      url: address,
      administrator,
      service: { ...service, password },
      streamPrefix,
      ownServer: true,
      onStep: (step) => steps.push(step),
    });
    return steps;
  };

  describe('the rights of Rolebook in EventStoreDB', () => {
    let store: EventStoreDbStore;
    let client: EventStoreDBClient;
    const ours = `${streamPrefix}.role-acme.editors`;
    const denied = { type: 'access-denied' };
    const readBy = async (credentials: Credentials | undefined, stream: string): Promise<unknown> =>
      collect(client.readStream(stream, { maxCount: 1, fromRevision: START, credentials }));

    const makeReader = (user: Credentials, by: Credentials): Promise<void> => {
      const options = new CreateReq.Options().setLoginName(user.username).setPassword(user.password);
      options.setFullName('Reader').setGroupsList([`${streamPrefix}-readers`]);
      const request = new CreateReq().setOptions(options);
      const { execute, callArguments } = internals(client);
      const args = callArguments({ credentials: by }, { deadline: Date.now() + 5_000 });
      return execute(
        UsersClient,
        'users',
        (users) =>
          new Promise<void>((resolve, reject) =>
            users.create(request, ...args, (error) => (error ? reject(error) : resolve())),
          ),
      );
    };

    beforeAll(async () => {
      await setUp();
      store = await openEventStoreDb({ url: address, credentials: service, streamPrefix });
      // Without a user of its own.
      client = EventStoreDBClient.connectionString(asEsdb(address));
      await makeReader(reader, administrator);
      await write(store, 'rolebook.role-acme.editors', newEvents(2));
    });
    afterAll(async () => {
      await store.close();
      await client.dispose();
      // The client keeps the socket, which would keep the process.
      (await internals(client).getChannel()).close();
    });

    it('are set up once: again, nothing is left to do', async () => {
      expect(await setUp()).toEqual(['the server is set up']);
    });

    it('give the service all that the log needs', async () => {
      const stream = newStream();
      await write(store, stream, newEvents(3));
      expect(await collect(store.readStream(stream))).toHaveLength(3);
      expect(await collect(store.readAll({ limit: 5 }))).toHaveLength(5);
      expect((await store.head())?.stream).toBe(stream);
      expect(await store.identity()).toMatch(/^[0-9a-f-]{36}$/);
      expect(await untilItem(store, isCaughtUp)).toBeDefined();
      expect(store.clockSkewMs()).not.toBeNull();
    });

    it('do not let the service delete or hide what was recorded', async () => {
      const credentials = service;
      await expect(client.deleteStream(ours, { credentials })).rejects.toMatchObject(denied);
      await expect(client.tombstoneStream(ours, { credentials })).rejects.toMatchObject(denied);
      await expect(client.setStreamMetadata(ours, { maxCount: 1 }, { credentials })).rejects.toMatchObject(
        denied,
      );
      expect(await readBy(service, ours)).toHaveLength(1);
    });

    it('do not let the service into what belongs to the server', async () => {
      for (const stream of ['$users', `$user-${administrator.username}`, '$settings'])
        await expect(readBy(service, stream)).rejects.toMatchObject(denied);
      for (const stream of ['$settings', '$$$all', `$user-${service.username}`])
        await expect(
          client.appendToStream(stream, jsonEvent({ type: 'x', data: {} }), { credentials: service }),
        ).rejects.toMatchObject(denied);
      const another = { username: `${streamPrefix}_another`, password: 'x' };
      await expect(makeReader(another, service)).rejects.toMatchObject({ code: 7 });
    });

    it('let the service alone read and write the key book, and neither delete nor hide it', async () => {
      const segments = await openEventStoreDbSegments({ url: address, credentials: service, streamPrefix });
      const segment = { id: newSegmentId(), account: 'acme', blob: Buffer.alloc(100, 1) };
      expect(await segments.create(segment)).toBe(true);
      for (const revision of [0, 1, 2])
        await segments.replace([{ id: segment.id, expected: revision, blob: Buffer.alloc(100, revision) }]);
      expect(await segments.read(segment.id)).toMatchObject({ revision: 3 });
      await segments.close();

      const bucket = `${streamPrefix}-keys.${bucketOf(segment.id)}`;
      const credentials = service;
      expect(await readBy(service, bucket)).toHaveLength(1);
      expect(await collect(client.readStream(bucket, { credentials }))).toHaveLength(1);
      for (const other of [reader, undefined])
        await expect(readBy(other, bucket)).rejects.toMatchObject(denied);
      await expect(client.deleteStream(bucket, { credentials })).rejects.toMatchObject(denied);
      await expect(client.tombstoneStream(bucket, { credentials })).rejects.toMatchObject(denied);
      await expect(
        client.setStreamMetadata(bucket, { truncateBefore: 9 }, { credentials }),
      ).rejects.toMatchObject(denied);
    });

    it('let readers read, and write nothing', async () => {
      expect(await readBy(reader, ours)).toHaveLength(1);
      const last = { maxCount: 1, direction: BACKWARDS, fromPosition: END, credentials: reader } as const;
      expect(await collect(client.readAll(last))).toHaveLength(1);
      await expect(
        client.appendToStream(ours, jsonEvent({ type: 'x', data: {} }), { credentials: reader }),
      ).rejects.toMatchObject(denied);
    });

    it('give nothing to who does not say a name', async () => {
      await expect(readBy(undefined, ours)).rejects.toMatchObject(denied);
      await expect(collect(client.readAll({ maxCount: 1 }))).rejects.toMatchObject(denied);
      await expect(
        client.appendToStream('anything', jsonEvent({ type: 'x', data: {} }), {
          expectedRevision: ANY,
          deadline: 5_000,
        }),
      ).rejects.toMatchObject(denied);
      const nobody = await openEventStoreDb({ url: address, streamPrefix });
      expect(await failureOf(nobody.append(newStream(), 'any', [newEvent()]))).toBe('DENIED');
      await nobody.close();
    });

    it('go with a password that can be changed', async () => {
      expect(await setUp('another')).toEqual([
        `gave the user ${service.username} its new password`,
        'the server is set up',
      ]);
      const credentials = { ...service, password: 'another' };
      const renewed = await openEventStoreDb({ url: address, credentials, streamPrefix });
      expect(await failureOf(renewed.head())).toBe('none');
      await renewed.close();
      const wrong = { ...service, password: 'never' };
      const refused = await openEventStoreDb({ url: address, credentials: wrong, streamPrefix });
      expect(await failureOf(refused.head())).toBe('DENIED');
      await refused.close();
    });
  });
} else {
  describe.skip('EventStoreDB with TLS: not run', () => {
    it('set EVENTSTOREDB_URL to a server with TLS and its administrator to check the rights', () =>
      undefined);
  });
}
