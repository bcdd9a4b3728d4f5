import { newPrefix, serverUrl } from '../eventstoredb';
import { streamOf } from '../event-store/eventstoredb/fake/log';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import type { Settings } from './installation';

/** A log in a server, on streams of its own. */
export interface ServerLog {
  readonly url: string;
  readonly settings: Settings;
  /** Lets a minute pass for the heartbeats of processes that are gone; on a real server a minute has to pass. */
  readonly age: () => void;
  readonly stop: () => void;
}

/** Logs in servers for `describe.each`: in a fake EventStoreDB, which every machine has, and in a real one where the tests have it. */
export const serverLogs: [string, () => Promise<ServerLog>][] = [['a fake EventStoreDB', onFake]];
if (serverUrl) {
  const url = serverUrl;
  serverLogs.push([
    'EventStoreDB',
    () => Promise.resolve({ url, settings: settingsOf(url), age: () => undefined, stop: () => undefined }),
  ]);
}

const settingsOf = (url: string): Settings => ({
  EVENTSTOREDB_URL: url,
  ROLEBOOK_STREAM_PREFIX: newPrefix(),
});

async function onFake(): Promise<ServerLog> {
  const fake = new FakeEventStoreDb();
  await fake.start();
  const age = (): void => {
    for (const record of fake.log.all)
      if (streamOf(record).includes('.heartbeat-'))
        record.getMetadataMap().set('created', String(BigInt(Date.now() - 61_000) * 10_000n));
  };
  return { url: fake.url, settings: settingsOf(fake.url), age, stop: () => fake.stop() };
}
