import type { TreeHead } from '../merkle/tree';
import { checkpointText } from './checkpoint';
import { SigningNoteKey, VerifierKey } from './keys';
import { signNote } from './note';

/** Keys of an installation that sign its checkpoints: one, or in a change of keys the next one beside it. */
export class SealKeys {
  /** `seeds`: 32 bytes each. */
  constructor(private readonly seeds: readonly Uint8Array[]) {}

  /** The keys under the name of a tree, which is the origin of its checkpoints. */
  signersOf(origin: string): readonly SigningNoteKey[] {
    return this.seeds.map((seed) => new SigningNoteKey(origin, seed));
  }

  verifiersOf(origin: string): readonly VerifierKey[] {
    return this.signersOf(origin).map(({ verifier }) => verifier);
  }

  /** The public keys, base64. */
  get publicKeys(): readonly string[] {
    return this.signersOf('key').map(({ verifier }) => verifier.publicKey);
  }
}

/** The checkpoint of a tree, signed by the keys under the name of the tree. The signature is the same each time. */
export const signCheckpoint = (origin: string, { size, root }: TreeHead, keys: SealKeys): string =>
  signNote(checkpointText({ origin, size, root }), keys.signersOf(origin));

/** Keys of a tree by public keys that are known. @throws NoteError */
export const verifiersFrom = (publicKeys: readonly string[], origin: string): readonly VerifierKey[] =>
  publicKeys.map((key) => new VerifierKey(origin, Buffer.from(key, 'base64')));
