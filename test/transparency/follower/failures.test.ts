import { DatabaseSync } from '@photostructure/sqlite';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adoptCheckpoint, carrySeal } from '../../../src/transparency/follower/copies';
import { readSealKeys } from '../../../src/transparency/follower/seal-key-file';
import { parseCheckpoint } from '../../../src/transparency/notes/checkpoint';
import { parseNote } from '../../../src/transparency/notes/note';
import { SealKeys } from '../../../src/transparency/notes/seal-keys';
import { verifySeals } from '../../../src/transparency/proof/verify';
import { newDirectory, removeDirectory } from '../../directories';
import { collect } from '../../event-store/contract/controls';
import { seedOf, Sealing } from '../harness';

/** Things that go wrong with a sealed log, each with its answer. */
describe('a log that was sealed', () => {
  let one: Sealing;
  const opened: Sealing[] = [];
  const another = async (): Promise<Sealing> => {
    const made = await Sealing.embedded();
    opened.push(made);
    return made;
  };
  beforeEach(async () => {
    one = await another();
    await one.write(50);
    await one.seal();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  const change = (sql: string): void => {
    const log = new DatabaseSync(path.join(one.directory, 'log.sqlite'));
    log.exec(sql);
    log.close();
  };

  it('and was cut off is not sealed any more', async () => {
    await one.close({ keeps: true });
    change('DELETE FROM events WHERE position > 40');
    const reopened = await Sealing.embedded(one.directory);
    opened.splice(0, 1, reopened);
    await expect(reopened.seal()).rejects.toMatchObject({ code: 'LOG_DIFFERS' });
  });

  it('and was changed is not sealed by whoever has to read it anew', async () => {
    change(`UPDATE events SET type = 'Other' WHERE position = 7`);
    await one.write(1);
    const fresh = new Sealing({ ...one.log, end: undefined });
    opened.push(fresh);
    await expect(fresh.seal({ atOnce: true })).rejects.toMatchObject({ code: 'LOG_DIFFERS' });
  });

  it('and lost its seals is not sealed anew as if nothing had been', async () => {
    change('DELETE FROM seal');
    await expect(one.seal()).rejects.toMatchObject({ code: 'SEALS_LOST' });
  });

  it('and has seals that cannot be read says so', async () => {
    change(`UPDATE seal SET data = '{}'`);
    await expect(one.seal()).rejects.toMatchObject({ code: 'SEAL_CORRUPT' });
  });

  it('is sealed again after a seal that could not be written', async () => {
    await one.write(5);
    one.now += 60_000;
    const { append } = one.seals;
    one.seals.append = () => Promise.reject(new Error('disc full'));
    await expect(one.seal()).rejects.toThrow('disc full');
    expect(one.trees.head()?.events).toBe(50);
    one.seals.append = append;
    expect(await one.seal()).toMatchObject({ kind: 'sealed', seal: { log: { size: 55 } } });
  });

  it('has a seal whole where the process died before its trees were written', async () => {
    await one.write(5);
    one.now += 60_000;
    const commit = one.trees.commit.bind(one.trees);
    let commits = 0;
    one.trees.commit = () => {
      if ((commits += 1) === 2) throw new Error('killed');
      commit();
    };
    await expect(one.seal()).rejects.toThrow('killed');
    one.trees.commit = commit;
    expect(one.trees.head()?.events).toBe(50);
    expect(await one.seal()).toMatchObject({ kind: 'nothing-new', seal: { log: { size: 55 } } });
    expect(one.trees.tree('log').root).toEqual(await one.rootOf('log'));
  });

  it('has its seal where the disc is full of tiles, and none of them half written', async () => {
    await one.write(2_000);
    const trees = one.trees;
    const tile = trees.putTile.bind(trees);
    let tiles = 0;
    trees.putTile = (...given) => {
      if ((tiles += 1) > 3) throw new Error('SQLITE_FULL');
      tile(...given);
    };
    await expect(one.seal({ atOnce: true })).rejects.toThrow('SQLITE_FULL');
    trees.putTile = tile;
    expect(trees.tree('log')).toMatchObject({ size: 50 });
    expect(await collect(one.seals.read())).toHaveLength(1);
    expect(await one.seal({ atOnce: true })).toMatchObject({ kind: 'sealed' });
    expect(trees.tree('log').root).toEqual(await one.rootOf('log'));
  });

  /** A log with the same events. */
  const copyOf = async (of: Sealing): Promise<Sealing> => {
    const copy = await another();
    for (const { stream, ...event } of await of.events()) await copy.log.store.append(stream, 'any', [event]);
    return copy;
  };

  it('leaves its name to a copy, which signs it once it is told', async () => {
    const copy = await copyOf(one);
    await one.write(10);
    await one.seal({ atOnce: true });
    expect(await carrySeal(one.seals, copy.seals, 50)).toBe(true);
    expect(await carrySeal(one.seals, copy.seals, 50)).toBe(true);
    await copy.write(1);
    expect((await copy.seal({ atOnce: true })).kind).toBe('copy');
    const { store } = copy.log;
    const parts = { store, seals: copy.seals, trees: copy.trees };
    expect(await verifySeals(parts)).toMatchObject({ faults: [], sealed: 50 });
    const { kind, seal } = await copy.seal({ atOnce: true, continues: true });
    expect(kind).toBe('sealed');
    expect(seal?.log.origin).toBe(`rolebook/${await one.log.store.identity()}`);
    expect(await verifySeals(parts)).toMatchObject({ faults: [], sealed: 51 });
    expect(await carrySeal(one.seals, copy.seals, 50)).toBe(false);
  });

  it('is gone on with by a restored one, from a checkpoint that fits it', async () => {
    const { seal } = await one.seal();
    const note = seal!.notes.log;
    const restored = await copyOf(one);
    const parts = {
      ...{ store: restored.log.store, seals: restored.seals, trees: restored.trees, origin: null },
      ...{ keys: () => new SealKeys([seedOf('one')]), intervalMs: 0, now: () => restored.now },
    };
    await adoptCheckpoint(note, parts);
    const continued = await restored.seal({ continues: true });
    expect(continued.seal?.log).toEqual(parseCheckpoint(parseNote(note).text));
    await expect(adoptCheckpoint(note, parts)).rejects.toThrow(/seals already/);

    const other = await another();
    await other.write(60);
    const itsParts = { ...parts, store: other.log.store, seals: other.seals, trees: other.trees };
    await expect(adoptCheckpoint(note, itsParts)).rejects.toMatchObject({ code: 'LOG_DIFFERS' });
    const strange = { ...itsParts, keys: () => new SealKeys([seedOf('two')]) };
    await expect(adoptCheckpoint(note, strange)).rejects.toThrow(/none of the keys/);
    expect(await other.seals.last()).toBeNull();
  });
});

describe('the file of the seal key', () => {
  const directory = newDirectory();
  const file = path.join(directory, 'made', 'seal.key');
  afterAll(() => removeDirectory(directory));
  const keys = (mayMake: boolean, of: string | null = file): readonly string[] =>
    readSealKeys({ file: of, mayMake }).publicKeys;

  it('is made for the first seal alone, and kept', () => {
    expect(() => keys(false)).toThrow(/not there/);
    const made = keys(true);
    expect(made).toHaveLength(1);
    expect([keys(true), keys(false)]).toEqual([made, made]);
    expect(() => keys(true, null)).toThrow(/ROLEBOOK_SEAL_KEY_FILE/);
  });

  it('has one key or two', () => {
    const digits = (name: string): string => seedOf(name).toString('hex');
    const holding = (content: string | Buffer): string => {
      const each = path.join(directory, 'one.key');
      writeFileSync(each, content);
      return each;
    };
    const [one] = new SealKeys([seedOf('one')]).publicKeys;
    expect(keys(false, holding(digits('one')))).toEqual([one]);
    expect(keys(false, holding(seedOf('one')))).toEqual([one]);
    expect(keys(false, holding(`${digits('one')}\n${digits('two')}\n`))).toHaveLength(2);
    for (const content of ['', 'abc', digits('one').slice(1), `${digits('one')}\n`.repeat(3)])
      expect(() => keys(false, holding(content))).toThrow(/64 hex digits/);
    mkdirSync(path.join(directory, 'folder'));
    expect(() => keys(false, path.join(directory, 'folder'))).toThrow(/cannot be read/);
  });
});
