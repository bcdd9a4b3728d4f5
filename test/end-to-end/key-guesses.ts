import { SecretBytes } from '../../src/keys/secret-bytes';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openLog } from '../../src/app/open-log';
import { loadConfig } from '../../src/config/config';
import { parseStream } from '../../src/event-store/port/streams';
import { openGcm } from '../../src/keys/aes-gcm';
import { keyOfReasons } from '../../src/keys/key-id';
import { CHECK_BYTES, type MasterKey } from '../../src/keys/master-keys';
import {
  isSealedField,
  openField,
  placeOfField,
  placeOfReason,
  type FieldPlace,
  type SealedField,
} from '../../src/keys/sealed-field';
import { KEY_BYTES } from '../../src/keys/segment';
import { changedAt, personalFields, pointerOf } from '../../src/sealing/personal-fields';

/** Guesses of somebody who has files of a key book and of a log from any time, and some master keys. */

/** Sizes of segments, in slots, that fit a page of SQLite, which the users of a small test get. */
const SIZES = [16, 64];
const HEADER = /^\x01([\x01-\x20])/s;

/** Every file of some folders. */
export const filesIn = (...folders: readonly string[]): Buffer[] =>
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name))),
  );

/** Headers of sealed segments in a file, be they in rows, in what is left of former rows, or in a WAL. */
function* headersIn(file: Buffer): Generator<{ readonly header: Buffer; readonly at: number }> {
  for (let at = file.indexOf(1); at >= 0; at = file.indexOf(1, at + 1)) {
    const [, length] = HEADER.exec(file.toString('latin1', at, at + 2)) ?? [];
    if (length === undefined) continue;
    const end = at + 2 + length.charCodeAt(0) + CHECK_BYTES;
    if (!/^[A-Za-z0-9_-]+$/.test(file.toString('latin1', at + 2, end - CHECK_BYTES))) continue;
    yield { header: file.subarray(at, end), at: end };
  }
}

export interface Segments {
  readonly account: string;
  /** Ids, which the key ids in a log name. */
  readonly ids: readonly string[];
}

export interface Loot {
  /** Places that look like a sealed segment. */
  readonly tried: number;
  /** Keys of all that could be opened, in hex. */
  readonly keys: ReadonlySet<string>;
}

/** Takes all keys out of files of key books that master keys open, whatever master key their headers name. */
export function lootOf(files: readonly Buffer[], masters: readonly MasterKey[], segments: Segments): Loot {
  const keys = new Set<string>();
  let tried = 0;
  for (const file of files) {
    for (const { header, at } of headersIn(file)) {
      tried += 1;
      for (const bytes of openedAt(file, at, { header, masters, segments }))
        for (let slot = 0; slot < bytes.length; slot += KEY_BYTES)
          keys.add(bytes.toString('hex', slot, slot + KEY_BYTES));
    }
  }
  return { tried, keys };
}

interface Attempt {
  readonly header: Buffer;
  readonly masters: readonly MasterKey[];
  readonly segments: Segments;
}

function openedAt(file: Buffer, at: number, { header, masters, segments }: Attempt): Buffer[] {
  const { account, ids } = segments;
  const attempts = SIZES.flatMap((size) =>
    ids.flatMap((id) => masters.map(({ key }) => ({ size, id, key }))),
  );
  return attempts.flatMap(({ size, id, key }) => {
    const sealed = file.subarray(at, at + 12 + size * KEY_BYTES + 16);
    const aad = Buffer.concat([header, Buffer.from(JSON.stringify([account, id]))]);
    try {
      return [openGcm(sealed, { key, aad })];
    } catch {
      return [];
    }
  });
}

export interface FoundField {
  readonly field: SealedField;
  readonly place: FieldPlace;
}

/**
 * Encrypted texts of a user in the log of a data folder, reasons included; but for that of the erasure itself, which the
 * account keeps under a key of its own.
 */
export async function fieldsOf(directory: string, user: string): Promise<FoundField[]> {
  const store = await openLog(loadConfig({ ROLEBOOK_DATA_DIR: directory }), { readOnly: true });
  const found: FoundField[] = [];
  try {
    for await (const { id, stream, type, data, metadata } of store.readAll()) {
      const owner = parseStream(stream);
      if (owner?.category !== 'user' || owner.id !== user) continue;
      const account = owner.account ?? '';
      const { reason, commandId } = metadata;
      if (isSealedField(reason) && reason.k !== keyOfReasons(account))
        found.push({ field: reason, place: placeOfReason(account, String(commandId)) });
      changedAt(data, personalFields(type), (value, where) => {
        if (isSealedField(value)) {
          const place = placeOfField({ account, user, event: id, pointer: pointerOf(where) });
          found.push({ field: value, place });
        }
        return value;
      });
    }
  } finally {
    await store.close();
  }
  return found;
}

/** Texts that any of the keys opens in any of the fields. */
export function textsOpened(fields: readonly FoundField[], { keys }: Loot): string[] {
  const texts = new Set<string>();
  for (const hex of keys) {
    const key = { id: 'tried', key: new SecretBytes(Buffer.from(hex, 'hex')) };
    for (const { field, place } of fields) {
      const opened = openField(field, { state: 'found', key }, place);
      if (opened.state === 'text') texts.add(opened.text);
    }
  }
  return [...texts];
}
