import { DatabaseSync } from '@photostructure/sqlite';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { accountTree } from '../../../src/transparency/entry';
import { checkpointText } from '../../../src/transparency/notes/checkpoint';
import { SigningNoteKey } from '../../../src/transparency/notes/keys';
import { signNote } from '../../../src/transparency/notes/note';
import { verifySeals } from '../../../src/transparency/proof/verify';
import { newDirectory, removeDirectory } from '../../directories';
import { seedOf, Sealing } from '../harness';
import { tamper, TAMPERINGS, verifiedIn, type Outsider } from './tampering';

const EVENTS = 600;

describe('verification', () => {
  const directory = newDirectory();
  let outsider: Outsider;
  let ofAccount: Outsider;
  beforeAll(async () => {
    const sealing = await Sealing.embedded(directory);
    for (let part = 0; part < 3; part += 1) {
      await sealing.write(EVENTS / 3);
      await sealing.seal({ atOnce: true });
    }
    const { seal } = await sealing.seal();
    const { origin } = seal!.log;
    outsider = { note: seal!.notes.log, key: new SigningNoteKey(origin, seedOf('one')).verifier };
    const tree = { origin: `${origin}/accounts/acme`, ...sealing.trees.tree(accountTree('acme')) };
    const signer = new SigningNoteKey(tree.origin, seedOf('one'));
    ofAccount = { note: signNote(checkpointText(tree), [signer]), key: signer.verifier };
    await sealing.write(20);
    await sealing.close({ keeps: true });
  });
  afterAll(() => removeDirectory(directory));

  /** Does something in a copy of the folder. */
  async function inCopy<T>(act: (folder: string) => Promise<T>): Promise<T> {
    const folder = newDirectory();
    try {
      cpSync(directory, folder, { recursive: true });
      return await act(folder);
    } finally {
      removeDirectory(folder);
    }
  }

  it('finds nothing in a sound log, and says what it covers', async () => {
    const found = await verifiedIn(directory, outsider);
    expect(found).toMatchObject({
      events: EVENTS + 20,
      sealed: EVENTS,
      seals: 3,
      faults: [],
      difference: null,
    });
    expect(found.against?.size).toBe(EVENTS);
    expect(found.told).toEqual(['20 events came after the last seal; nothing proves these yet.']);
    expect((await verifiedIn(directory, ofAccount)).faults).toEqual([]);
    expect((await verifiedIn(directory, {})).faults).toEqual([]);
  });

  it.each(Object.keys(TAMPERINGS))('finds a tampering with %s, and names the event', (way) =>
    inCopy(async (folder) => {
      const place = 300;
      const first = await tamper(folder, { way, place, resigned: 'no' }, EVENTS);
      const found = await verifiedIn(folder, outsider);
      expect(found.faults).not.toEqual([]);
      expect(found.difference).toMatchObject({ place: first });
    }),
  );

  it.each(['by the key', 'by another key'] as const)('finds one that was signed anew %s', (resigned) =>
    inCopy(async (folder) => {
      await tamper(folder, { way: 'data', place: 77, resigned }, EVENTS);
      expect((await verifiedIn(folder, outsider)).difference).toMatchObject({ kind: 'altered', place: 77 });
    }),
  );

  it('tells a removal and an insertion from a change', async () => {
    const kindAfter = (way: string): Promise<unknown> =>
      inCopy(async (folder) => {
        await tamper(folder, { way, place: 300, resigned: 'no' }, EVENTS);
        return (await verifiedIn(folder, outsider)).difference?.kind;
      });
    expect(await kindAfter('removal')).toBe('removed');
    expect(await kindAfter('insertion')).toBe('inserted');
    expect(await kindAfter('metadata')).toBe('altered');
  });

  it('finds a change of another account’s events by the account’s checkpoint where numbers moved', () =>
    inCopy(async (folder) => {
      await tamper(folder, { way: 'removal', place: 300, resigned: 'no' }, EVENTS);
      const found = await verifiedIn(folder, ofAccount);
      expect(found.faults.join()).toContain('tree accounts/acme');
      expect(found.difference).toMatchObject({ place: 300 });
    }));

  it('says between which seals the log differs where the leaves of that time are lost', () =>
    inCopy(async (folder) => {
      await tamper(folder, { way: 'data', place: 250, resigned: 'no' }, EVENTS);
      rmSync(path.join(folder, 'seal'), { recursive: true });
      const sealing = await Sealing.embedded(folder);
      const parts = { store: sealing.log.store, seals: sealing.seals, trees: null };
      const found = await verifySeals(parts, outsider);
      expect(found.difference).toBeNull();
      expect(found.faults.join()).toContain('the events from 201 to 400 of the log');
      await sealing.close({ keeps: true });
    }));

  it('tells damaged tiles from a log that was changed', () =>
    inCopy(async (folder) => {
      const trees = new DatabaseSync(path.join(folder, 'seal', 'trees.sqlite'));
      trees.exec(`UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 1`);
      trees.close();
      const found = await verifiedIn(folder, outsider);
      expect(found.difference).toBeNull();
      expect(found.faults).toEqual([expect.stringContaining('the log is what was sealed')]);
    }));

  it('believes no note that is not signed by the key, nor a key that is another’s', async () => {
    const forged = { ...outsider, note: outsider.note.replace(`\n${EVENTS}\n`, `\n${EVENTS - 1}\n`) };
    await expect(verifiedIn(directory, forged)).rejects.toThrow(/false/);
    const key = new SigningNoteKey(outsider.key.name, seedOf('two')).verifier;
    await expect(verifiedIn(directory, { ...outsider, key })).rejects.toThrow(/none of the keys/);
    const other = new SigningNoteKey('rolebook/other', seedOf('one'));
    const note = signNote(checkpointText({ origin: 'rolebook/other', size: 0, root: Buffer.alloc(32) }), [
      other,
    ]);
    const found = await verifiedIn(directory, { note, key: other.verifier });
    expect(found.told[0]).toContain('The checkpoint is of rolebook/other');
    expect(found.faults.join()).toContain('the checkpoint that was given');
  });
});
