import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  BACKWARDS,
  END,
  jsonEvent,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendToStreamOptions,
  type EventStoreDBClient,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { internals, newClient, type Credentials } from '../client';
import { asEventStoreError, SilenceError } from '../errors';
import { HEARTBEAT_METADATA, heartbeatStreams } from '../heartbeat/heartbeat';
import { keyMetadata, keyStreams } from '../key-streams';
import { Naming } from '../naming';
import { parseTarget } from '../options';
import { isOpen, withDefaults, withReadersOfAll, type Json, type Parties } from './rights';
import { within } from '../timing';
import { Users } from './users';

export interface ServerSetup {
  readonly url: string;
  readonly administrator: Credentials;
  /** User to create, or to give this password. */
  readonly service: Credentials;
  readonly streamPrefix?: string;
  /** Nobody else uses the server: rights that its defaults leave open to everyone who signs in are revoked. */
  readonly ownServer: boolean;
  /** Called for each step that was done, and for each obstacle. */
  readonly onStep: (what: string) => void;
}

/** For a server that starts, or elects its leader. */
const READY_MS = 60_000;
/** A server that has just started may not know its own administrators yet. */
const DENIED_MS = 10_000;
const CALL_MS = 5_000;
/** Streams that are described at a time. */
const AT_A_TIME = 16;

/**
 * Prepares a server for a service with the least rights that it needs; repeating it changes nothing. The service reads
 * the whole log, and reads and writes its streams; it can neither delete a stream nor change the metadata that hides
 * events. Only it and administrators read the key book's streams.
 * @throws EventStoreError
 */
export async function setUpServer(setup: ServerSetup): Promise<void> {
  const { url, administrator, onStep } = setup;
  const client = newClient(parseTarget({ url, credentials: administrator }).connectionString);
  const began = Date.now();
  try {
    for (let told = false; ; told = true) {
      try {
        return await setUp(client, setup);
      } catch (error) {
        const failure = asEventStoreError(error, 'setting up the server');
        const patience = { UNAVAILABLE: READY_MS, DENIED: DENIED_MS }[failure.code as string] ?? 0;
        if (Date.now() - began > patience) throw failure;
        if (!told) onStep(`waiting: ${failure.message}`);
        await sleep(1_000);
      }
    }
  } finally {
    await within(CALL_MS, client.dispose(), () => new SilenceError('closing', CALL_MS)).catch(
      () => undefined,
    );
    (await internals(client).getChannel()).close();
  }
}

async function setUp(client: EventStoreDBClient, setup: ServerSetup): Promise<void> {
  const { administrator, service, ownServer, onStep } = setup;
  const naming = new Naming(setup.streamPrefix);
  const parties: Parties = { service: service.username, readers: naming.readers };
  const documents = new Documents(client, administrator);

  const users = new Users(client, administrator);
  if (!(await users.exists(service.username))) {
    await users.create(service, 'Rolebook');
    onStep(`made the user ${service.username}`);
  } else if (!(await users.knows(service))) {
    await users.resetPassword(service);
    // The server caches the old one for a second or so.
    for (let tries = 0; tries < 20 && !(await users.knows(service)); tries++) await sleep(500);
    onStep(`gave the user ${service.username} its new password`);
  }
  if (await documents.amend('$$$all', '$metadata', (present) => withReadersOfAll(present, parties)))
    onStep(`${parties.service} and the group ${parties.readers} may read $all`);
  const defaults = (present: Json): Json => withDefaults(present, parties, ownServer);
  if (await documents.amend('$settings', 'update-default-acl', defaults)) onStep('set the default rights');
  if (isOpen(await documents.read('$settings')))
    onStep(
      'anyone who signs in to this server may delete streams; where nobody else uses it, add --own-server',
    );
  const heartbeats = heartbeatStreams().map((stream) => naming.onServer(stream));
  await describeStreams(documents, heartbeats, HEARTBEAT_METADATA);
  const described = await describeStreams(documents, keyStreams(naming), keyMetadata(parties.service));
  if (described > 0)
    onStep(`${parties.service} alone may read and write the ${described} streams of the key book`);
  onStep('the server is set up');
}

/** Gives streams their metadata. Returns the number of those that had others. */
async function describeStreams(
  documents: Documents,
  streams: readonly string[],
  metadata: Json,
): Promise<number> {
  let described = 0;
  for (let first = 0; first < streams.length; first += AT_A_TIME) {
    const some = streams.slice(first, first + AT_A_TIME);
    const amended = some.map((stream) => documents.amend(`$$${stream}`, '$metadata', () => metadata));
    described += (await Promise.all(amended)).filter(Boolean).length;
  }
  return described;
}

/** Streams of which only the last event counts: metadata, settings. */
class Documents {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly credentials: Credentials,
  ) {}

  async read(stream: string): Promise<Json> {
    return (await this.#last(stream)).data;
  }

  /** Writes the result of `change`; returns whether it differed. Loses no concurrent write. */
  async amend(stream: string, type: string, change: (present: Json) => Json): Promise<boolean> {
    for (;;) {
      const { data, revision } = await this.#last(stream);
      const wanted = change(data);
      if (isDeepStrictEqual(wanted, data)) return false;
      const event = jsonEvent({ type, data: { ...wanted } });
      // With credentials of its own an append is a separate call, which keeps its deadline. The type matters: a client
      // that names the expected revision otherwise would send none, and two setups would undo each other.
      const options: AppendToStreamOptions = {
        expectedRevision: revision ?? NO_STREAM,
        credentials: this.credentials,
        deadline: CALL_MS,
      };
      try {
        await this.#inTime(this.client.appendToStream(stream, event, options));
        return true;
      } catch (error) {
        if (!(error instanceof WrongExpectedVersionError)) throw error;
      }
    }
  }

  #last(stream: string): Promise<{ readonly data: Json; readonly revision: bigint | null }> {
    const options: ReadStreamOptions = {
      direction: BACKWARDS,
      fromRevision: END,
      maxCount: 1,
      requiresLeader: true,
      credentials: this.credentials,
    };
    const read = async (): Promise<{ data: Json; revision: bigint | null }> => {
      let last: { data: Json; revision: bigint | null } = { data: {}, revision: null };
      try {
        // To the end: the client never forgets a read that was abandoned.
        for await (const { event } of this.client.readStream(stream, options))
          if (event) last = { data: event.data as unknown as Json, revision: event.revision };
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return last;
    };
    return this.#inTime(read());
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return within(CALL_MS, work, () => new SilenceError('setting up the server', CALL_MS));
  }
}
