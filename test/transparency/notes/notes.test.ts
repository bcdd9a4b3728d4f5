import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { leafHash } from '../../../src/transparency/merkle/hashes';
import { rootOf } from '../../../src/transparency/merkle/frontier';
import { checkpointText, parseCheckpoint } from '../../../src/transparency/notes/checkpoint';
import { NoteError, SigningNoteKey, VerifierKey } from '../../../src/transparency/notes/keys';
import { openNote, parseNote, signNote } from '../../../src/transparency/notes/note';
import { checkProof, encodeProof, parseProof } from '../../../src/transparency/notes/tlog-proof';

/** Key and note of the documentation of Go's package for notes. */
const NEUMANN_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SAYING =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNED = `${SAYING}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
/** The public key of Go's checksum database. */
const SUM_GOLANG = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

const keyOf = (name: string, seed: string): SigningNoteKey =>
  new SigningNoteKey(name, createHash('sha256').update(seed).digest());

describe('signed notes', () => {
  it('are those of Go, byte for byte', () => {
    expect(openNote(SIGNED, [VerifierKey.parse(NEUMANN)])).toBe(SAYING);
    const key = new SigningNoteKey('PeterNeumann', NEUMANN_SEED);
    expect(String(key.verifier)).toBe(NEUMANN);
    expect(signNote(SAYING, [key])).toBe(SIGNED);
  });

  it('have public keys whose id follows from name and key', () => {
    expect(String(VerifierKey.parse(SUM_GOLANG))).toBe(SUM_GOLANG);
    expect(() => VerifierKey.parse(SUM_GOLANG.replace('sum.', 'sun.'))).toThrow(/id of the public key/);
    expect(() => VerifierKey.parse('name+00000000+AAAA')).toThrow(NoteError);
    expect(() => keyOf('a name', 'x')).toThrow(/no name/);
    expect(() => keyOf('a+b', 'x')).toThrow(/no name/);
  });

  it('count where one key that is known signed them, and not where its signature is false', () => {
    const [one, other] = [keyOf('log', '1'), keyOf('log', '2')];
    const note = signNote('text\n\nmore\n', [one, other]);
    for (const known of [[one], [other], [one, other]])
      expect(
        openNote(
          note,
          known.map(({ verifier }) => verifier),
        ),
      ).toBe('text\n\nmore\n');
    expect(parseNote(note).signatures.map(({ id }) => id)).toEqual([one.verifier.id, other.verifier.id]);
    expect(() => openNote(note, [keyOf('log', '3').verifier])).toThrow(/none of the keys/);
    expect(() => openNote(note, [keyOf('another', '1').verifier])).toThrow(/none of the keys/);
    expect(() => openNote(note.replace('text', 'tent'), [one.verifier])).toThrow(/is false/);
    // A false signature beside a good one, both of known keys.
    const forged = `${signNote('text\n', [one])}${signNote('tent\n', [other]).split('\n').slice(2).join('\n')}`;
    expect(() => openNote(forged, [one.verifier, other.verifier])).toThrow(/is false/);
    expect(openNote(forged, [one.verifier])).toBe('text\n');
  });

  it('accept sixteen signatures', () => {
    const keys = Array.from({ length: 16 }, (_, n) => keyOf('log', String(n)));
    expect(openNote(signNote('text\n', keys), [keys[15]!.verifier])).toBe('text\n');
  });

  it.each([
    '',
    'text',
    'text\n',
    'text\n\n',
    'text\n\n— log\n',
    'text\n\n- log AAAA\n',
    'te\rxt\n\n— log AAAAAAAA\n',
  ])('are not %j', (text) => expect(() => parseNote(text)).toThrow(NoteError));

  it('verify by openssl', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'note-'));
    try {
      const key = keyOf('rolebook/log', 'openssl');
      const note = signNote(checkpointText({ origin: 'rolebook/log', size: 0, root: rootOf([]) }), [key]);
      const { text, signatures } = parseNote(note);
      const file = (name: string, content: string | Buffer): string => {
        writeFileSync(path.join(folder, name), content);
        return path.join(folder, name);
      };
      const raw = Buffer.from(String(key.verifier).split('+').slice(2).join('+'), 'base64').subarray(1);
      const der = file('key.der', Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]));
      const verify = (body: string): string =>
        execFileSync('openssl', [
          ...['pkeyutl', '-verify', '-pubin', '-inkey', der, '-keyform', 'DER', '-rawin'],
          ...['-in', file('body', body), '-sigfile', file('signature', signatures[0]!.bytes)],
        ]).toString();
      expect(verify(text)).toContain('Signature Verified Successfully');
      expect(() => verify(text.replace('\n0\n', '\n1\n'))).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('checkpoints', () => {
  it('state origin, size and root, and may say more', () => {
    const checkpoint = { origin: 'rolebook/log', size: 7, root: leafHash(Buffer.from('x')) };
    expect(parseCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
    expect(parseCheckpoint(`${checkpointText(checkpoint)}more\n`)).toEqual(checkpoint);
    const root = checkpoint.root.toString('base64');
    for (const text of ['', `log\n07\n${root}\n`, `log\n-1\n${root}\n`, 'log\n7\nAAAA\n', `\n7\n${root}\n`])
      expect(() => parseCheckpoint(text)).toThrow(NoteError);
  });
});

describe('proofs', () => {
  const [one, two] = ['1', '2'].map((entry) => leafHash(Buffer.from(entry)));
  const key = keyOf('rolebook/log', 'proof');
  const note = signNote(checkpointText({ origin: 'rolebook/log', size: 2, root: rootOf([one!, two!]) }), [
    key,
  ]);
  const proof = { index: 1, path: [one!], note };

  it('are read as they are written', () => {
    const text = encodeProof({ ...proof, extra: Buffer.from('{}') });
    expect(text.split('\n').slice(0, 5)).toEqual([
      'c2sp.org/tlog-proof@v1',
      'extra e30=',
      'index 1',
      one!.toString('base64'),
      '',
    ]);
    expect(parseProof(text)).toEqual({ ...proof, extra: Buffer.from('{}') });
    expect(parseProof(encodeProof(proof))).toEqual(proof);
    expect(() => parseProof(text.replace('@v1', '@v2'))).toThrow(NoteError);
  });

  it('lead from the entry to a signed checkpoint, or to nothing', () => {
    expect(checkProof(proof, two!, [key.verifier])).toMatchObject({ origin: 'rolebook/log', size: 2 });
    expect(() => checkProof(proof, one!, [key.verifier])).toThrow(/does not lead/);
    expect(() => checkProof({ ...proof, index: 0 }, two!, [key.verifier])).toThrow(/does not lead/);
    expect(() => checkProof(proof, two!, [keyOf('rolebook/log', 'another').verifier])).toThrow(/none of/);
  });
});
