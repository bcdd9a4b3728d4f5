import { Type, type Static, type StringOptions } from '@sinclair/typebox';

/**
 * Personal text of an event. Commands decide on it in clear; a log of format 2 holds it encrypted with a key of its own, and
 * readers get it in clear again, or null once the key was destroyed.
 */

/** Encrypted text, as the log holds it. Its form is that of `src/keys/sealed-field.ts`. */
export const SealedText = Type.Object(
  {
    $enc: Type.Literal('1', { description: 'Version of the form.' }),
    k: Type.String({ minLength: 1, maxLength: 100, description: 'Id of the key in the key book.' }),
    c: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: 'Base64 of IV (12 bytes), ciphertext and tag (16 bytes), AES-256-GCM.',
    }),
  },
  { additionalProperties: false, description: 'Encrypted text.' },
);
export type SealedText = Static<typeof SealedText>;

/**
 * Makes the form in which a log has a reason, from the id of its command: encrypted (format 2) or in clear. The same for all
 * events of the command.
 */
export type RecordedReason = (commandId: string) => string | SealedText;

/** A text as people are shown it: `(encrypted)` where this reader has no key book, `(not readable)` where its key is gone. */
export function shownText(text: string | SealedText | null): string {
  if (typeof text === 'string') return text;
  return text === null ? '(not readable)' : '(encrypted)';
}

/** Makes the schema of a personal text in one form of an event. */
export type PersonalText<Schema> = (options: StringOptions) => Schema;

/** Clear text, as commands decide it and logs of format 1 hold it. */
export const inClear = (options: StringOptions) => Type.String(options);
/** Clear or encrypted text, as logs hold it. */
export const asLogged = (options: StringOptions) => Type.Union([Type.String(options), SealedText]);
/** Text as readers get it: null where it was erased, or cannot be decrypted. */
export const asRead = (options: StringOptions) => Type.Union([Type.String(options), Type.Null()]);

/**
 * Forms of an event: `plain` in clear, as commands decide it; `log` as a log holds it, clear or encrypted; `read` as readers
 * get it, where what cannot be decrypted is null.
 */
export type EventForm = 'plain' | 'log' | 'read';
