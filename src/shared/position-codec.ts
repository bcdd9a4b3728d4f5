import { createCipheriv, createDecipheriv, createHmac, hash, type Cipher, type Decipher } from 'node:crypto';
import { CursorCodec } from './cursor-codec';
import { wasMade, type LogIds } from './line';

export type PositionFault =
  'BAD_USER_INPUT' | 'POSITION_OF_ANOTHER_STORE' | 'POSITION_OF_A_FORK' | 'POSITION_NOT_REACHED';

/** A text that names no event of this log; the message is fit to be shown. */
export class PositionError extends Error {
  override readonly name = 'PositionError';

  constructor(
    readonly code: PositionFault,
    message: string,
  ) {
    super(message);
  }
}

/** The event of a position is not the one that stands there: the log was restored from an older copy and went on. */
export const forked = (): PositionError =>
  new PositionError(
    'POSITION_OF_A_FORK',
    'This log has another event at that position: it was restored from an older copy and went on without what came after that.',
  );

/** An event's number among Rolebook's own, and its moment on the time line, in milliseconds: the same in every copy. */
export interface PlaceInLine {
  readonly ordinal: number;
  readonly time: number;
}

/** The same with its position in this store. */
export interface PlaceInLog extends PlaceInLine {
  readonly position: bigint;
}

/** Number of an entry of history: the ordinal of its event, and its part of it; 0 for the event as a whole. */
export interface HistoryNumber {
  readonly ordinal: number;
  readonly part: number;
}

/** An event as a text names it. */
export type NamedEvent =
  | { readonly form: 'durable'; readonly ordinal: number; readonly fits: (place: PlaceInLine) => boolean }
  | { readonly form: 'pending'; readonly position: bigint }
  /** The form of release 0.1.0; it need not be the position of an event. */
  | { readonly form: 'old'; readonly position: bigint }
  | { readonly form: 'event'; readonly id: string };

const PATTERN = /^([0-9a-z]{8})\.(~?)([0-9a-z]{25})$/;
const OLD_PATTERN = /^([0-9a-z]{1,8})-([0-9a-z]{1,26})$/;
const BLOCK = /^[0-9a-z]{25}$/;
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ends of a block, by form. A block of another key, or of nobody, does not end so. */
const DURABLE = 0x44555241;
const PENDING = 0x50454e44;
const NUMBER = 0x4e554d42;

/** Keys kept; a process that serves more accounts makes them again. */
const MOST_KEYS = 1_000;

/**
 * Positions as clients see them, in two forms. Both name the line of the log and hold one block of AES, under a key of
 * the account, so that nobody reads from them how many events there are:
 *
 * - durable, `<line>.<block>`: number and check of the event. It holds in every copy of the log; the check, over number
 *   and time, differs where a log was restored from an older copy and went on.
 * - pending, `<line>.~<block>`: position in this store, for an event that the read models have no number of yet. It
 *   holds in this store.
 *
 * Keys follow from the id of the line, which every replica reads from the log and no answer shows: whoever can read
 * the log could make positions, and would learn nothing by that.
 *
 * A log that was made without a line, by release 0.1.0, goes on to give the positions that it gave
 * (`<identity>-<position>`), so that what clients hold stays equal to what they get; its copies give those above.
 */
export class PositionCodec {
  /** Cursors of lists, under keys of the same line. */
  readonly cursors: CursorCodec;
  private readonly line: string;
  private readonly store: number;
  /** The beginning of the identity, as 0.1.0 showed it. */
  private readonly oldStore: string;
  private readonly givesOld: boolean;
  private readonly keys = new Map<string | null, BlockKey>();

  constructor(private readonly ids: LogIds) {
    this.line = BigInt(`0x${hash('sha256', `rolebook line\n${ids.line}`)}`)
      .toString(36)
      .slice(-8);
    this.cursors = new CursorCodec(ids.line);
    this.store = checkOf('store', ids.identity);
    this.oldStore = ids.identity
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .slice(0, 8);
    this.givesOld = ids.line === ids.identity;
  }

  /** The position of an event. `account`: the account that it is shown to; null: operators. */
  encode({ ordinal, time, position }: PlaceInLog, account: string | null): string {
    if (this.givesOld) return this.encodeOld(position);
    const key = this.keyOf(account);
    // Between two changes every answer tells the same one.
    if (key.last?.ordinal === ordinal && key.last.time === time) return key.last.text;
    const check = checkOf('event', this.ids.line, ordinal, time);
    const text = `${this.line}.${key.seal(BigInt(ordinal), check, DURABLE)}`;
    key.last = { ordinal, time, text };
    return text;
  }

  /** The position of an event that has no number here yet. */
  encodePending(position: bigint, account: string | null): string {
    if (this.givesOld) return this.encodeOld(position);
    return `${this.line}.~${this.keyOf(account).seal(position, this.store, PENDING)}`;
  }

  /** Reads a position that was shown to the account, or to an operator. @throws PositionError */
  decode(text: string, account: string | null): NamedEvent {
    if (EVENT_ID.test(text)) return { form: 'event', id: text.toLowerCase() };
    const [, line, tilde, digits] = PATTERN.exec(text) ?? [];
    if (line === undefined || digits === undefined) return this.decodeOld(text);
    if (line !== this.line) throw ofAnotherLog();
    const block = this.keyOf(account).open(digits) ?? this.keyOf(null).open(digits);
    if (block?.end !== (tilde === '' ? DURABLE : PENDING)) throw noPosition();
    const { value, check } = block;
    if (tilde === '') {
      const fits = ({ ordinal, time }: PlaceInLine): boolean =>
        check === checkOf('event', this.ids.line, ordinal, time);
      return { form: 'durable', ordinal: Number(value), fits };
    }
    if (check !== this.store)
      throw new PositionError(
        'POSITION_OF_ANOTHER_STORE',
        'The position was given before its change could be read, and holds in the store that gave it alone. Give the id of the event, or a later position.',
      );
    return { form: 'pending', position: value };
  }

  /** The number of an entry as the account sees it in ids and cursors; null where release 0.1.0 gave it in clear. */
  sealNumber({ ordinal, part }: HistoryNumber, account: string): string | null {
    return wasMade(this.ids.line) ? this.keyOf(account).seal(BigInt(ordinal), part, NUMBER) : null;
  }

  /** The number that was sealed for the account; null for any other text. */
  openNumber(text: string, account: string): HistoryNumber | null {
    const block = BLOCK.test(text) ? this.keyOf(account).open(text) : null;
    return block?.end === NUMBER ? { ordinal: Number(block.value), part: block.check } : null;
  }

  private decodeOld(text: string): NamedEvent {
    const [, store, digits] = OLD_PATTERN.exec(text) ?? [];
    if (store === undefined || digits === undefined) throw noPosition();
    if (store !== this.oldStore) throw ofAnotherLog();
    // A log that never gave one: who asks would only find out how long the log is.
    if (!this.givesOld) throw noPosition();
    return { form: 'old', position: fromBase36(digits) };
  }

  private encodeOld(position: bigint): string {
    return `${this.oldStore}-${position.toString(36)}`;
  }

  private keyOf(account: string | null): BlockKey {
    let key = this.keys.get(account);
    if (key) return key;
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    const name = account === null ? 'operators' : `account\n${account}`;
    key = new BlockKey(
      createHmac('sha256', this.ids.line).update(`position\n${name}`).digest().subarray(0, 16),
    );
    this.keys.set(account, key);
    return key;
  }
}

const noPosition = (): PositionError =>
  new PositionError(
    'BAD_USER_INPUT',
    'This is not a position. Give one as an answer of Rolebook to this account had it, or the id of an event.',
  );

const ofAnotherLog = (): PositionError =>
  new PositionError('POSITION_OF_ANOTHER_STORE', 'The position belongs to another log than this one.');

const checkOf = (...parts: readonly (string | number)[]): number =>
  Number.parseInt(hash('sha256', parts.join('\n')).slice(0, 8), 16);

const fromBase36 = (digits: string): bigint =>
  [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);

const BLOCK_BYTES = 16;

/** A block: a value of 64 bits, a check of 32 (the part, in a number), and an end that says which form it is. */
interface Block {
  readonly value: bigint;
  readonly check: number;
  readonly end: number;
}

/** Seals single blocks: the same block always gives the same text, so that equal positions are equal. */
class BlockKey {
  /** The durable position that was made last. */
  last: (PlaceInLine & { readonly text: string }) | null = null;
  private readonly sealing: Cipher;
  private readonly opening: Decipher;

  constructor(key: Uint8Array) {
    this.sealing = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    this.opening = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  }

  seal(value: bigint, check: number, end: number): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeBigUInt64BE(value, 0);
    block.writeUInt32BE(check, 8);
    block.writeUInt32BE(end, 12);
    const sealed = this.sealing.update(block);
    return BigInt(`0x${sealed.toString('hex')}`)
      .toString(36)
      .padStart(25, '0');
  }

  /** Null for what was not sealed with this key. */
  open(digits: string): Block | null {
    const sealed = fromBase36(digits)
      .toString(16)
      .padStart(2 * BLOCK_BYTES, '0');
    if (sealed.length > 2 * BLOCK_BYTES) return null;
    const block = this.opening.update(Buffer.from(sealed, 'hex'));
    const end = block.readUInt32BE(12);
    if (end !== DURABLE && end !== PENDING && end !== NUMBER) return null;
    return { value: block.readBigUInt64BE(0), check: block.readUInt32BE(8), end };
  }
}
