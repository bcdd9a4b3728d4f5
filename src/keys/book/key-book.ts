import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { ACCOUNT_SLOTS, REASONS_SLOT, SECRET_SLOT, firstSegmentOf, parseKeyId } from '../key-id';
import { HashSecret } from '../keyed-hash';
import type { MasterKeySource } from '../master-keys';
import {
  KeyBookError,
  type AccountKeys,
  type BookStatus,
  type DataKey,
  type Erasure,
  type FoundKey,
  type KeyBook,
  type OnProgress,
  type Rotation,
} from '../port/key-book';
import type { SegmentStore } from '../port/segment-store';
import { Segment, type Random } from '../segment';
import { Dealer, FIRST_SIZE } from './dealer';
import { eraseInSegment, eraseRequest, type ErasingTools } from './erase';
import { OpenSegments, type Looked } from './open-segments';
import { rotateSegments } from './rotate';
import { hasCode, Sealer } from './sealer';
import { survey } from './survey';

/** Sources of time, delay and randomness, so that tests can replace them. */
interface Sources extends Pick<ErasingTools, 'now' | 'pause'> {
  readonly random: Random;
}
type Tools = ErasingTools & Sources;

const SOURCES: Sources = { now: Date.now, pause: (milliseconds) => sleep(milliseconds), random: randomBytes };

/**
 * Opens the key book that a store keeps, and looks at all of it first. Closes the store where that fails.
 * @throws KeyBookError `MASTER_KEY_UNKNOWN`, `MASTER_KEY_FILE`, `UNAVAILABLE`, ... A damaged segment does not stop it, since
 *   names are not what access is decided by; `status` tells of it
 */
export async function openKeyBook(
  store: SegmentStore,
  masterKeys: MasterKeySource,
  tools: Partial<Sources> = {},
): Promise<KeyBook> {
  try {
    const sealer = new Sealer(masterKeys);
    const open = new OpenSegments(store, sealer);
    const { segments } = await survey(store, sealer, (segment) => open.put(segment));
    return new SegmentedKeyBook({ store, sealer, ...SOURCES, ...tools }, open, segments);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Accounts of which the own keys are held: each command asks for them. */
const HELD_ACCOUNTS = 10_000;

class SegmentedKeyBook implements KeyBook {
  /** One for each account that this process registered anybody in since its start. */
  readonly #dealers = new Map<string, Dealer>();
  readonly #accounts = new LRUCache<string, AccountKeys>({
    // A `max` would be allocated whole, however few accounts there are.
    maxSize: HELD_ACCOUNTS,
    sizeCalculation: () => 1,
  });

  constructor(
    private readonly tools: Tools,
    private readonly open: OpenSegments,
    /** Number of segments when it was opened. */
    private readonly segments: number,
  ) {}

  async openAccount(account: string): Promise<AccountKeys> {
    const id = firstSegmentOf(account);
    if ((await this.open.get(id)) === 'missing') {
      const { store, sealer, random } = this.tools;
      const segment = Segment.random(id, account, FIRST_SIZE, random);
      const blob = sealer.seal(segment);
      if (await store.create({ id, account, blob })) {
        this.open.put(segment);
        this.#dealer(account).takeOver(segment, ACCOUNT_SLOTS);
      }
    }
    return this.accountKeys(account);
  }

  async accountKeys(account: string): Promise<AccountKeys> {
    const held = this.#accounts.get(account);
    if (held) return held;
    const segment = await this.open.get(firstSegmentOf(account));
    if (segment === 'damaged')
      throw new KeyBookError('KEY_BOOK_CORRUPT', `The keys of the account ${account} cannot be opened.`);
    if (segment === 'missing') {
      const message = `The key book has no keys of the account ${account}: a part of it is lost, or it is another log’s.`;
      throw new KeyBookError('ACCOUNT_KEYS_MISSING', message);
    }
    const keys = {
      secret: new HashSecret(accountKey(segment, SECRET_SLOT).key.bytes),
      reasons: accountKey(segment, REASONS_SLOT),
    };
    this.#accounts.set(account, keys);
    return keys;
  }

  async newKey(account: string): Promise<DataKey> {
    if (!this.#dealers.has(account)) await this.accountKeys(account);
    return this.#dealer(account).key();
  }

  find(account: string, keyId: string): FoundKey | Promise<FoundKey> {
    const place = parseKeyId(keyId);
    if (place === null) return MISSING;
    const segment = this.open.get(place.segment);
    return segment instanceof Promise
      ? segment.then((looked) => foundIn(looked, account, place.slot))
      : foundIn(segment, account, place.slot);
  }

  forget(keyIds: Iterable<string>): void {
    for (const keyId of keyIds) {
      const place = parseKeyId(keyId);
      if (place) this.open.drop(place.segment);
    }
  }

  async erase(account: string, keyIds: readonly string[]): Promise<Erasure> {
    const { slots, malformed } = eraseRequest(account, keyIds);
    const parts: Erasure[] = [{ erased: 0, before: 0, missing: malformed }];
    let damage: unknown = null;
    for (const [segment, some] of slots) {
      try {
        parts.push(await eraseInSegment(this.tools, { account, segment, slots: some }));
      } catch (error) {
        if (!hasCode(error, 'KEY_BOOK_CORRUPT')) throw error;
        damage ??= error;
      } finally {
        // A failure may have come after the deed.
        this.open.drop(segment);
      }
    }
    await this.tools.store.purge();
    if (damage !== null) throw damage;
    return {
      erased: parts.reduce((sum, { erased }) => sum + erased, 0),
      before: parts.reduce((sum, { before }) => sum + before, 0),
      missing: parts.flatMap(({ missing }) => missing),
    };
  }

  rotate(onProgress: OnProgress = () => undefined): Promise<Rotation> {
    return rotateSegments(this.tools.store, this.tools.sealer, this.segments, onProgress);
  }

  status(): Promise<BookStatus> {
    return survey(this.tools.store, this.tools.sealer);
  }

  async close(): Promise<void> {
    this.open.clear();
    this.#accounts.clear();
    this.#dealers.clear();
    await this.tools.store.close();
  }

  #dealer(account: string): Dealer {
    let dealer = this.#dealers.get(account);
    if (!dealer) {
      const { store, sealer, random } = this.tools;
      const made = (segment: Segment): void => this.open.put(segment);
      dealer = new Dealer(account, { store, sealer, random, made });
      this.#dealers.set(account, dealer);
    }
    return dealer;
  }
}

/** A key of a first segment; no erasure leaves it out, so that one without it was never written by this program. */
function accountKey(segment: Segment, slot: number): DataKey {
  const key = segment.key(slot);
  if (key !== null && key !== 'erased') return key;
  throw new KeyBookError(
    'KEY_BOOK_CORRUPT',
    `The first segment of the account ${segment.account} lacks a key.`,
  );
}

function foundIn(segment: Looked, account: string, slot: number): FoundKey {
  if (segment === 'damaged') return DAMAGED;
  if (segment === 'missing' || segment.account !== account) return MISSING;
  const key = segment.key(slot);
  if (key === null) return MISSING;
  return key === 'erased' ? ERASED : { state: 'found', key };
}

const MISSING: FoundKey = { state: 'missing' };
const DAMAGED: FoundKey = { state: 'damaged' };
const ERASED: FoundKey = { state: 'erased' };
