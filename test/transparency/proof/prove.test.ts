import { entryText } from '../../../src/transparency/entry';
import { SealKeys } from '../../../src/transparency/notes/seal-keys';
import { prove } from '../../../src/transparency/proof/prove';
import { seedOf, Sealing } from '../harness';
import { runVerifier } from './verifier';

describe('the proof of an event', () => {
  let sealing: Sealing;
  beforeAll(async () => {
    sealing = await Sealing.embedded();
    await sealing.write(3);
  });
  afterAll(() => sealing.close());

  it('passes the verifier of the guide, and another event does not', async () => {
    const { seal } = await sealing.seal();
    const { store } = sealing.log;
    const events = await sealing.events();
    const parts = { store, trees: sealing.trees, note: seal!.notes.log, tree: 'log' as const };
    const proof = await prove(events[2]!.id, parts);
    const [key] = new SealKeys([seedOf('one')]).verifiersOf(seal!.log.origin);
    const run = (text: string): object => runVerifier(sealing.directory, text, String(key));
    expect(run(proof)).toEqual({ status: 0, stdout: entryText(events[2]!, 3) });
    const forged = proof.replace(
      /extra .*/,
      `extra ${Buffer.from(entryText(events[1]!, 3)).toString('base64')}`,
    );
    expect(run(forged)).toMatchObject({ status: 1, stdout: '' });
  });

  it('is given of no event that is not there, or not sealed', async () => {
    const parts = { store: sealing.log.store, trees: sealing.trees, note: '', tree: 'log' as const };
    await expect(prove('00000000-0000-4000-8000-000000000000', parts)).rejects.toThrow(/no event/);
    await sealing.write(1);
    const last = (await sealing.events()).at(-1)!;
    await expect(prove(last.id, parts)).rejects.toThrow(/after the last seal/);
  });
});
