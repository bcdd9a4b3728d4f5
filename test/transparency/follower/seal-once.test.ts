import { rmSync } from 'node:fs';
import path from 'node:path';
import { openEventStoreDbSeals } from '../../../src/event-store/eventstoredb';
import { verifiersFrom } from '../../../src/transparency/notes/seal-keys';
import { accountTree } from '../../../src/transparency/entry';
import { sealOf, type Seal } from '../../../src/transparency/follower/records';
import { accountsHead, type SealOutcome } from '../../../src/transparency/follower/seal-once';
import { openNote, parseNote } from '../../../src/transparency/notes/note';
import { newDirectory } from '../../directories';
import { MemoryEventStore } from '../../event-store/memory/memory-store';
import { FakeControls } from '../../event-store/eventstoredb/fake/controls';
import { MemorySeals } from '../../event-store/seals/memory-seals';
import { embeddedLog, Sealing, type LogParts } from '../harness';

interface Kind {
  readonly open: () => Promise<LogParts>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  memory: {
    open: async () => {
      const records: string[] = [];
      return { store: new MemoryEventStore(), openSeals: () => new MemorySeals(records) };
    },
  },
  embedded: { open: () => embeddedLog(newDirectory()) },
  'EventStoreDB, as a fake server,': {
    open: async () => {
      const controls = new FakeControls();
      const server = await controls.server();
      return {
        store: await controls.open(server),
        openSeals: () => openEventStoreDbSeals({ url: server.url }),
        end: () => controls.cleanUp(),
      };
    },
  },
};

async function sealsOf(process: Sealing): Promise<Seal[]> {
  const seals: Seal[] = [];
  for await (const record of process.seals.read()) seals.push(sealOf(record));
  return seals;
}

const kindOf = async (outcome: Promise<SealOutcome>): Promise<string> => (await outcome).kind;

describe.each(Object.entries(KINDS))('a log in %s', (_, { open }) => {
  const opened: Sealing[] = [];
  const replica = (log: LogParts): Sealing => {
    const process = new Sealing(log);
    opened.push(process);
    return process;
  };
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  it('is sealed with the roots of all its events, of the catalogue’s and of each account’s', async () => {
    const one = replica(await open());
    expect(await one.seal()).toEqual({ kind: 'nothing-new', seal: null });
    await one.write(40);
    const { kind, seal } = await one.seal();
    expect(kind).toBe('sealed');
    const identity = await one.log.store.identity();
    expect(seal?.log).toEqual({ origin: `rolebook/${identity}`, size: 40, root: await one.rootOf('log') });
    expect(seal?.catalogue.root).toEqual(await one.rootOf('catalogue'));
    expect(seal?.accounts).toMatchObject({ origin: `rolebook/${identity}/accounts`, size: 2 });
    for (const account of ['acme', 'globex'])
      expect(one.trees.tree(accountTree(account)).root).toEqual(await one.rootOf(accountTree(account)));
    const keys = verifiersFrom(seal!.keys, seal!.log.origin);
    expect(openNote(seal!.notes.log, keys)).toBe(parseNote(seal!.notes.log).text);
    expect(await one.seal()).toMatchObject({ kind: 'nothing-new', seal: { revision: 0 } });
    expect(one.made).toBe(1);
  });

  it('is sealed at most once in an interval, unless it is to be at once or the clock went back', async () => {
    const one = replica(await open());
    await one.write(1);
    expect(await kindOf(one.seal())).toBe('sealed');
    await one.write(1);
    expect(await kindOf(one.seal())).toBe('early');
    expect(await kindOf(one.seal({ atOnce: true }))).toBe('sealed');
    await one.write(1);
    one.now += 59_999;
    expect(await kindOf(one.seal())).toBe('early');
    one.now += 1;
    expect(await kindOf(one.seal())).toBe('sealed');
    await one.write(1);
    one.now -= 86_400_000;
    expect(await kindOf(one.seal())).toBe('sealed');
    expect((await sealsOf(one)).map(({ log }) => log.size)).toEqual([1, 2, 3, 4]);
  });

  it('has one seal of two replicas that seal at once, and both have its trees', async () => {
    const log = await open();
    const [one, other] = [replica(log), replica({ ...log, end: undefined })];
    await one.write(270);
    const kinds = await Promise.all([kindOf(one.seal()), kindOf(other.seal())]);
    expect(kinds.sort()).toEqual(['nothing-new', 'sealed']);
    expect(await sealsOf(one)).toHaveLength(1);
    await one.write(270);
    one.now += 60_000;
    expect(await kindOf(one.seal())).toBe('sealed');
    expect(await kindOf(other.seal())).toBe('nothing-new');
    for (const each of [one, other]) {
      expect(each.trees.head()?.events).toBe(540);
      expect(each.trees.tree('log').root).toEqual(await one.rootOf('log'));
      expect(accountsHead(each.trees).root).toEqual((await sealsOf(one))[1]?.accounts.root);
    }
  });

  it('has its trees made anew from the log, equal, where their folder was lost', async () => {
    const one = replica(await open());
    await one.write(70);
    const { seal } = await one.seal();
    const before = accountsHead(one.trees);
    one.closeTrees();
    rmSync(path.join(one.directory, 'seal'), { recursive: true });
    expect(await one.seal()).toMatchObject({ kind: 'nothing-new', seal: { notes: seal!.notes } });
    expect(accountsHead(one.trees)).toEqual(before);
    expect(one.trees.tree('log').root).toEqual(seal!.log.root);
  });

  it('is not sealed by a key that did not sign before, unless that is wanted', async () => {
    const one = replica(await open());
    await one.write(3);
    await one.seal();
    await one.write(1);
    one.keys = ['two'];
    one.now += 60_000;
    await expect(one.seal()).rejects.toMatchObject({ code: 'SEAL_KEY' });
    one.keys = ['one', 'two'];
    const { seal } = await one.seal();
    const lines = parseNote(seal!.notes.log).signatures;
    expect(lines).toHaveLength(2);
    await one.write(1);
    one.now += 60_000;
    one.keys = ['two'];
    expect(await kindOf(one.seal())).toBe('sealed');
    one.keys = ['three'];
    await expect(one.seal()).resolves.toMatchObject({ kind: 'nothing-new' });
    expect(await kindOf(one.seal({ newKey: true }))).toBe('sealed');
    const [first, both] = await sealsOf(one);
    expect(openNote(first!.notes.log, verifiersFrom(both!.keys, first!.log.origin))).toContain('\n3\n');
  });

  it('keeps its name', async () => {
    const one = replica(await open());
    one.origin = 'example.com/roles';
    await one.write(1);
    expect((await one.seal()).seal?.log.origin).toBe('example.com/roles');
    await one.write(1);
    one.now += 60_000;
    one.origin = 'example.com/others';
    await expect(one.seal()).rejects.toMatchObject({ code: 'SEAL_ORIGIN' });
    one.origin = null;
    expect((await one.seal()).seal?.log.origin).toBe('example.com/roles');
  });

  it('is sealed over several tiles in many steps as in one', async () => {
    const log = await open();
    const [one, other] = [replica(log), replica({ ...log, end: undefined })];
    for (const count of [100, 155, 1, 1, 300]) {
      await one.write(count);
      await one.seal({ atOnce: true });
      expect(one.trees.tree('log').root).toEqual(await one.rootOf('log'));
    }
    await other.seal();
    expect(other.trees.tree('log')).toEqual(one.trees.tree('log'));
    expect(accountsHead(other.trees)).toEqual(accountsHead(one.trees));
  });
});
