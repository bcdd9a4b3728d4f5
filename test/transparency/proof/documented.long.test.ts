import { execFileSync } from 'node:child_process';
import { accountTree, entryText, treeOf, type TreeName } from '../../../src/transparency/entry';
import { verifiersFrom, SealKeys } from '../../../src/transparency/notes/seal-keys';
import { checkpointOf } from '../../../src/transparency/proof/checkpoints';
import { prove } from '../../../src/transparency/proof/prove';
import { seedOf, Sealing } from '../harness';
import { runVerifier, script } from './verifier';

/** The verifier of the guide, which uses nothing of ours. */
describe('the documented verifier', () => {
  let sealing: Sealing;
  const proofs: { readonly text: string; readonly key: string; readonly event: string }[] = [];
  beforeAll(async () => {
    sealing = await Sealing.embedded();
    await sealing.write(300);
    sealing.keys = ['one', 'two'];
    const { seal } = await sealing.seal();
    const { store } = sealing.log;
    const events = await sealing.events();
    const proveBy = async (index: number, tree: TreeName): Promise<void> => {
      const { trees } = sealing;
      const note = checkpointOf(tree, seal!, { trees, keys: () => new SealKeys(sealing.keys.map(seedOf)) });
      const [origin = ''] = note.split('\n');
      const text = await prove(events[index]!.id, { store, trees, note, tree });
      const key = String(verifiersFrom(seal!.keys, origin)[index % 2]);
      proofs.push({ text, key, event: entryText(events[index]!, index + 1) });
    };
    const ofAcme = events.findIndex(
      ({ stream }, index) => index > 100 && treeOf(stream) === accountTree('acme'),
    );
    for (const index of [0, 255, 299]) await proveBy(index, 'log');
    await proveBy(ofAcme, accountTree('acme'));
  });
  afterAll(() => sealing.close());

  const verify = (text: string, key: string): ReturnType<typeof runVerifier> =>
    runVerifier(sealing.directory, text, key);

  it('has thirty lines or so, and needs openssl 3', () => {
    const lines = script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeLessThanOrEqual(32);
    expect(execFileSync('openssl', ['version']).toString()).toMatch(/^OpenSSL [3-9]/);
  });

  it('takes what is proven, and prints the event', () => {
    for (const { text, key, event } of proofs)
      expect(verify(text, key)).toEqual({ status: 0, stdout: event });
  });

  it('refuses another event, another place, another path, another root and another key', () => {
    const { text, key } = proofs[1]!;
    const other = proofs[0]!;
    const lineOf = (proof: string, start: string): string =>
      proof.split('\n').find((line) => line.startsWith(start))!;
    const [path1 = ''] = text.split('\n').slice(3);
    const forged = [
      text.replace(lineOf(text, 'extra'), lineOf(other.text, 'extra')),
      text.replace('index 255', 'index 254'),
      text.replace(path1, other.text.split('\n')[4]!),
      text.replace('\n300\n', '\n299\n'),
    ];
    for (const each of forged) {
      expect(each).not.toBe(text);
      expect(verify(each, key).status).not.toBe(0);
    }
    const [stranger] = new SealKeys([seedOf('three')]).verifiersOf(key.split('+')[0]!);
    expect(verify(text, String(stranger)).status).not.toBe(0);
  });
});
