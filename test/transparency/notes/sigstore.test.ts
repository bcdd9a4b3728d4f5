import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rootOf } from '../../../src/transparency/merkle/frontier';
import { leafHash } from '../../../src/transparency/merkle/hashes';
import { inclusionProof } from '../../../src/transparency/merkle/tree';
import { subtreesOf } from '../../../src/transparency/merkle/tiles';
import { checkpointText } from '../../../src/transparency/notes/checkpoint';
import { SigningNoteKey } from '../../../src/transparency/notes/keys';
import { signNote } from '../../../src/transparency/notes/note';

/** The verifier of Sigstore, which shares no line with ours. Its package exports none of this, so that it is loaded by path. */
interface Sigstore {
  readonly verifyCheckpoint: (entry: object, logs: readonly object[]) => { readonly logSize: bigint };
  readonly verifyMerkleInclusion: (entry: object, checkpoint: object) => void;
}
const load = (file: string): Partial<Sigstore> =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- by path, since the package exports none of it
  require(path.join(path.dirname(require.resolve('@sigstore/verify')), 'tlog', file)) as Partial<Sigstore>;
const { verifyCheckpoint, verifyMerkleInclusion } = {
  ...load('checkpoint.js'),
  ...load('merkle.js'),
} as Sigstore;

describe('checkpoints and proofs, by the verifier of Sigstore', () => {
  const entries = Array.from({ length: 200 }, (_, n) => createHash('sha256').update(String(n)).digest());
  const leaves = entries.map(leafHash);
  const origin = 'rolebook/log';
  const key = new SigningNoteKey(origin, createHash('sha256').update('sigstore').digest());
  const envelope = signNote(checkpointText({ origin, size: 200, root: rootOf(leaves) }), [key]);
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(String(key.verifier).split('+').slice(2).join('+'), 'base64').subarray(1),
  ]);
  const publicKey: KeyObject = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const log = { logID: Buffer.from(key.verifier.id, 'hex'), baseURL: origin, publicKey };
  const tile = Buffer.concat(leaves);
  const entryAt = (index: number, canonicalizedBody: Buffer): object => ({
    canonicalizedBody,
    inclusionProof: {
      logIndex: String(index),
      hashes: inclusionProof(
        index,
        200,
        subtreesOf(() => tile),
      ),
      checkpoint: { envelope },
    },
  });

  it('is the same release that is named', () => {
    const file = path.join(require.resolve('@sigstore/verify'), '../../package.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '3.1.1' });
  });

  it.each([0, 1, 127, 128, 199])('are right for entry %i', (index) => {
    const entry = entryAt(index, entries[index]!);
    const checkpoint = verifyCheckpoint(entry, [log]);
    expect(checkpoint.logSize).toBe(200n);
    verifyMerkleInclusion(entry, checkpoint);
    const other = entryAt(index, entries[index === 0 ? 1 : 0]!);
    expect(() => verifyMerkleInclusion(other, checkpoint)).toThrow(/root hash/);
  });

  it('are refused under another key', () => {
    const another = new SigningNoteKey(origin, createHash('sha256').update('another').digest());
    const strange = { ...log, logID: Buffer.from(another.verifier.id, 'hex') };
    expect(() => verifyCheckpoint(entryAt(0, entries[0]!), [strange])).toThrow(/signature/);
  });
});
