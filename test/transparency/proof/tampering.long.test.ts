import fc from 'fast-check';
import { cpSync } from 'node:fs';
import { SigningNoteKey } from '../../../src/transparency/notes/keys';
import { newDirectory, removeDirectory } from '../../directories';
import { runs } from '../../scale';
import { seedOf, Sealing } from '../harness';
import { cases, tamper, verifiedIn, type Outsider } from './tampering';

/** Random tamperings with a closed log: each is found against an outsider’s note and key, and the event is named. */

const EVENTS = 700;
const directory = newDirectory();
let outsider: Outsider;

beforeAll(async () => {
  const sealing = await Sealing.embedded(directory);
  for (let part = 0; part < 7; part += 1) {
    await sealing.write(EVENTS / 7, ['acme', 'globex', 'initech']);
    await sealing.seal({ atOnce: true });
  }
  const { seal } = await sealing.seal();
  outsider = { note: seal!.notes.log, key: new SigningNoteKey(seal!.log.origin, seedOf('one')).verifier };
  await sealing.write(30);
  await sealing.close({ keeps: true });
});
afterAll(() => removeDirectory(directory));

test('every tampering with the sealed part is found, and its first event named', async () => {
  const ways = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(cases(EVENTS), async (each) => {
      const folder = newDirectory();
      try {
        cpSync(directory, folder, { recursive: true });
        const first = await tamper(folder, each, EVENTS);
        const { faults, difference } = await verifiedIn(folder, outsider);
        expect(faults).not.toEqual([]);
        expect(difference).toMatchObject({ place: first });
        ways.set(each.way, (ways.get(each.way) ?? 0) + 1);
      } finally {
        removeDirectory(folder);
      }
    }),
    { ...runs(500), endOnFailure: true },
  );
  console.log(`tamperings found: ${JSON.stringify(Object.fromEntries(ways))}`);
}, 1_800_000);

test('a sound log is never taken for one that was tampered with', async () => {
  const known = { note: outsider.note, key: outsider.key };
  expect(await verifiedIn(directory, known)).toMatchObject({ faults: [], difference: null });
});
