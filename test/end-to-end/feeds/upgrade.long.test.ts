import path from 'node:path';
import { OpenFeed, page, type Line, type Served } from '../../http/feeds/reader';
import { Installation, type ServerProcess, type Settings } from '../installation';
import { serverLogs } from '../server-logs';

/** An upgrade in the middle of open feeds: replicas of two releases on one log, the older of which ends. */

const QUICK: Settings = { ROLEBOOK_FEED_HEARTBEAT_MS: '50' };
/** A later release, to which a change of a description is an event that this one cannot read. */
const LATER: Settings = {
  ...QUICK,
  NODE_OPTIONS: `--require=${path.join(__dirname, '..', '..', 'fixtures', 'newer-build.js')}`,
};

const served = ({ url, token }: ServerProcess): Served => ({ url, token: async () => token });
const idsOf = (events: readonly Line[]): unknown[] => events.map(({ id }) => id);

interface Payload {
  readonly done: { readonly role: { readonly id: string }; readonly errors: readonly object[] } | null;
}

/** Sends a mutation of a role until it is done: the older release may be in the way for a while. @returns id of the role */
async function change(server: ServerProcess, verb: string, input: object): Promise<string> {
  const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
  const mutation = `mutation ($input: ${type}!) { done: ${verb}(input: $input) { role { id } errors { code } } }`;
  for (;;) {
    const { data, errors } = await server.graphql<Payload>(mutation, { input });
    if (data?.done?.errors.length === 0) return data.done.role.id;
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPGRADE_INCOMPLETE']);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.each(serverLogs)('on %s readers of the older replica go on at the newer one', async (_name, openLog) => {
  const log = await openLog();
  const first = new Installation(log.settings);
  const feeds: OpenFeed[] = [];
  const open = async (...args: Parameters<typeof OpenFeed.open>): Promise<OpenFeed> => {
    const feed = await OpenFeed.open(...args);
    feeds.push(feed);
    return feed;
  };
  try {
    const old = await first.start(QUICK);
    const later = await first.replica().start(LATER);
    const kinds = [false, true];
    const before = await Promise.all(kinds.map((isSse) => open(served(old), {}, { isSse })));
    const role = await change(later, 'createRole', { name: 'Agents' });
    const isCreated = ({ data }: { data: Line }) => data.data?.name === 'Agents';
    for (const feed of before) await feed.until(isCreated);
    expect(await old.stop()).toBe(0);
    for (const feed of before) {
      await feed.ended;
      const { kind, data } = feed.said.at(-1)!;
      expect([kind, data.reason, data.position]).toEqual(['end', 'SHUTDOWN', feed.events.at(-1)!.position]);
    }
    log.age();
    await change(later, 'updateRole', { id: role, description: 'Who answer' });
    for (const [index, isSse] of kinds.entries()) {
      const { events, said } = before[index]!;
      const after = said.at(-1)!.data.position as string;
      const next = await open(served(later), { after }, { isSse });
      const { data } = await next.until((each) => String(each.data.type).includes('RoleDescribed'));
      expect([data.type, data.data.to]).toEqual(['rolebook.RoleDescribed.v4', 'Who answer']);
      const whole = await page(served(later), { limit: '10000' });
      expect(idsOf([...events, ...next.events])).toEqual(idsOf(whole.events));
    }

    // One of the older release that comes back gives what it reads, and then nothing more; none of it is another event.
    const back = await first.start(QUICK);
    const behind = await open(served(back));
    await behind.until(({ kind }) => kind === 'heartbeat');
    expect(idsOf(behind.events)).toEqual(idsOf(before[0]!.events.slice(0, behind.events.length)));
    expect(behind.events.some(({ type }) => type.includes('RoleDescribed'))).toBe(false);
    await Promise.all([back.stop(), later.stop()]);
  } finally {
    for (const feed of feeds) await feed.close();
    first.remove();
    log.stop();
  }
});
