import { backoff } from '../../shared/backoff';
import { isAccountKey, keyIdOf, parseKeyId } from '../key-id';
import { KeyBookError, type Erasure } from '../port/key-book';
import type { SegmentStore } from '../port/segment-store';
import { checkOf } from '../sealed-segment';
import type { Sealer } from './sealer';

/** Attempts at replacing one segment that others replace too. */
const ATTEMPTS = 50;
const pauseAfter = backoff({ first: 5, longest: 500, jitter: 0.5 });

/**
 * Sorts key ids by segment; those that are none are `malformed`.
 * @throws KeyBookError `KEY_PROTECTED`
 */
export function eraseRequest(
  account: string,
  keyIds: readonly string[],
): { readonly slots: ReadonlyMap<string, readonly number[]>; readonly malformed: readonly string[] } {
  const slots = new Map<string, number[]>();
  const malformed: string[] = [];
  for (const keyId of new Set(keyIds)) {
    const place = parseKeyId(keyId);
    if (place === null) malformed.push(keyId);
    else if (isAccountKey(account, place))
      throw new KeyBookError('KEY_PROTECTED', `The keys of the account ${account} itself are never erased.`);
    else slots.set(place.segment, [...(slots.get(place.segment) ?? []), place.slot]);
  }
  return { slots, malformed };
}

export interface ErasingTools {
  readonly store: SegmentStore;
  readonly sealer: Sealer;
  /** Time of now, in milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Erases slots of one segment, whatever others change in it meanwhile. */
export async function eraseInSegment(
  { store, sealer, now, pause }: ErasingTools,
  {
    account,
    segment: id,
    slots,
  }: { readonly account: string; readonly segment: string; readonly slots: readonly number[] },
): Promise<Erasure> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await store.read(id);
    if (stored?.account !== account) return { erased: 0, before: 0, missing: idsOf(id, slots) };
    const present = sealer.open(stored);
    const there = slots.filter((slot) => slot < present.size);
    const missing = idsOf(
      id,
      slots.filter((slot) => slot >= present.size),
    );
    const [at, sealedBy] = [now(), checkOf(stored)];
    const { segment, changed } = present.without(there.map((slot) => ({ slot, at, sealedBy })));
    const done = { erased: changed, before: there.length - changed, missing };
    if (changed === 0) return done;
    const blob = sealer.seal(segment);
    const conflicts = await store.replace([{ id, expected: stored.revision, blob }]);
    if (conflicts.length === 0) return done;
    if (attempt === ATTEMPTS)
      throw new KeyBookError('UNAVAILABLE', `Others kept changing segment ${id} of the key book.`);
    await pause(pauseAfter(attempt));
  }
}

const idsOf = (segment: string, slots: readonly number[]): string[] =>
  slots.map((slot) => keyIdOf(segment, slot));
