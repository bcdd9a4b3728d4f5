import { NoteError, type SigningNoteKey, type VerifierKey } from './keys';

/** Signed notes of C2SP: a text, an empty line, and a line for each signature. Pure. */

/** Verifiers accept 16 signatures at least; a limit keeps a hostile note cheap. */
const MOST_SIGNATURES = 100;
const ID_BYTES = 4;
const LINE = /^— ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;

const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

export interface Signature {
  /** Name and id of the key. */
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Note {
  /** Signed text, its last line feed included. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** Signs a text that ends with a line feed, with one line for each key. */
export function signNote(text: string, keys: readonly SigningNoteKey[]): string {
  if (!text.endsWith('\n') || CONTROL.test(text)) throw new NoteError('this text cannot be signed as a note');
  const lines = keys.map((key) => {
    const { name, id } = key.verifier;
    const signature = Buffer.concat([Buffer.from(id, 'hex'), key.sign(text)]);
    return `— ${name} ${signature.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Takes a note apart; no signature is checked. @throws NoteError */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (end <= 0 || CONTROL.test(note) || !note.endsWith('\n')) throw new NoteError('this is no signed note');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new NoteError('the note has too many signatures');
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length <= ID_BYTES) throw new NoteError('a line of the note is no signature');
    return { name, id: bytes.toString('hex', 0, ID_BYTES), bytes: bytes.subarray(ID_BYTES) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

/**
 * Text of a note that at least one of the keys signed; signatures of other keys count for nothing.
 * @throws NoteError for a note that none signed, or that has a false signature of one of them
 */
export function openNote(note: string, keys: readonly VerifierKey[]): string {
  const { text, signatures } = parseNote(note);
  let isSigned = false;
  for (const { name, id, bytes } of signatures) {
    const key = keys.find((each) => each.name === name && each.id === id);
    if (!key) continue;
    if (!key.verifies(text, bytes)) throw new NoteError(`the signature of ${name} (${id}) is false`);
    isSigned = true;
  }
  if (!isSigned) throw new NoteError('the note is signed by none of the keys that are trusted');
  return text;
}
