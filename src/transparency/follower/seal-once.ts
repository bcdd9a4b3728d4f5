import type { EventStore } from '../../event-store/port/event-store';
import type { SealStore } from '../../event-store/port/seal-store';
import { headOfAccounts, originOf } from '../entry';
import type { TreeHead } from '../merkle/tree';
import { signCheckpoint, type SealKeys } from '../notes/seal-keys';
import { SealError, shorterLog } from '../seal-error';
import type { TreeFile } from '../trees/tree-file';
import { bringTo, growTo } from './catch-up';
import { recordOf, sealOf, type Seal, type SealData } from './records';

/** Parts of a process that seals a log. */
export interface SealingParts {
  readonly store: Pick<EventStore, 'identity' | 'head' | 'readAll'>;
  readonly seals: SealStore;
  readonly trees: TreeFile;
  /** Reads the keys; one may be made where the log was never sealed. @throws SealError `SEAL_KEY` */
  readonly keys: (mayMake: boolean) => SealKeys;
  /** Origin of the settings; null: the one that the log was sealed under, or that follows from its identity. */
  readonly origin: string | null;
  /** Least time between two seals of the installation, in milliseconds. */
  readonly intervalMs: number;
  readonly now: () => number;
  /** Called as events are read; `total` is an estimate. */
  readonly onProgress?: (done: number) => void;
}

export interface SealingOptions {
  /** Seals whatever the interval says. */
  readonly atOnce?: boolean;
  /** Goes on where the log that this one is the copy of was sealed. */
  readonly continues?: boolean;
  /** Seals at once by keys none of which signed the last seal. */
  readonly newKey?: boolean;
}

export interface SealOutcome {
  /**
   * `sealed`; `nothing-new`: no event came since; `early`: events came, and the last seal is younger than the interval;
   * `copy`: the log is a copy of one that was sealed, and was not told to continue; `behind`: this replica of the server has
   * not all events yet.
   */
  readonly kind: 'sealed' | 'nothing-new' | 'early' | 'copy' | 'behind';
  /** The last seal; null where there is none. */
  readonly seal: Seal | null;
}

/** Attempts where other replicas seal at the same time. */
const ATTEMPTS = 10;

/**
 * Seals a log once: brings the trees to the last seal, checks them against it, goes on to the end of the log, and records
 * the checkpoints behind that very seal. Of several replicas one records; the others find its seal.
 * @throws SealError; EventStoreError
 */
export async function sealOnce(parts: SealingParts, options: SealingOptions = {}): Promise<SealOutcome> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const outcome = await attemptToSeal(parts, options);
    if (outcome !== null) return outcome;
  }
  throw new SealError('SEAL_BUSY', 'Other processes keep sealing the log. Try again in a moment.');
}

/** Null: another process was first. */
async function attemptToSeal(parts: SealingParts, options: SealingOptions): Promise<SealOutcome | null> {
  const { store, seals, trees } = parts;
  trees.begin();
  try {
    const record = await seals.last();
    const last = record && sealOf(record);
    const identity = await store.identity();
    await bringTo(last, { ...parts, identity });
    trees.commit();
    trees.begin();
    const kind = await reasonNotToSeal(last, parts, options);
    if (kind !== null) return { kind, seal: last };
    const data = await sealTheEnd(last, identity, parts, options);
    if (data === null) return { kind: 'behind', seal: last };
    if (!(await seals.append(last?.revision ?? null, recordOf(data)))) return null;
    trees.commit();
    return { kind: 'sealed', seal: sealOf({ revision: (last?.revision ?? -1) + 1, data: recordOf(data) }) };
  } finally {
    // After a commit there is nothing to roll back.
    trees.rollBack();
  }
}

async function reasonNotToSeal(
  last: Seal | null,
  parts: SealingParts,
  { atOnce, continues, newKey }: SealingOptions,
): Promise<SealOutcome['kind'] | null> {
  if (last?.kind === 'carried') return continues ? null : 'copy';
  const end = (await parts.store.head())?.position ?? -1n;
  const reached = parts.trees.head()?.position ?? -1n;
  if (end < reached) throw shorterLog();
  if (end === reached && !newKey) return 'nothing-new';
  return atOnce || newKey || last === null || !isYoung(last, parts) ? null : 'early';
}

/** True for a seal of this interval. A clock that was set back must not stop the seals until it is where it was. */
function isYoung({ at }: Seal, { intervalMs, now }: SealingParts): boolean {
  const age = now() - Date.parse(at);
  return age >= 0 && age < intervalMs;
}

/** The trees up to the end of the log, signed; null where the log cannot be read to its end yet. */
async function sealTheEnd(
  last: Seal | null,
  identity: string,
  parts: SealingParts,
  { newKey = false }: SealingOptions,
): Promise<SealData | null> {
  const { store, trees, now } = parts;
  const origin = originOfLog(last, identity, parts.origin);
  const keys = parts.keys(last === null);
  if (last !== null && !newKey) demandOneOf(keys, last.keys);
  const head = await store.head();
  const reached = trees.head()?.position ?? -1n;
  if (head !== null && head.position > reached) {
    const grown = await growTo({ position: head.position }, { ...parts, identity });
    // The end of the log is that of an append; a reader that got less far may be in the middle of one.
    if (!grown) return null;
  }
  return {
    kind: 'sealed',
    at: new Date(now()).toISOString(),
    keys: [...keys.publicKeys],
    notes: {
      log: signCheckpoint(origin, trees.tree('log'), keys),
      ...notesBesides(origin, trees, keys),
    },
  };
}

/** Checkpoints beside that of the whole log. */
export const notesBesides = (
  origin: string,
  trees: TreeFile,
  keys: SealKeys,
): Omit<SealData['notes'], 'log'> => ({
  catalogue: signCheckpoint(originOf(origin, 'catalogue'), trees.tree('catalogue'), keys),
  accounts: signCheckpoint(`${origin}/accounts`, accountsHead(trees), keys),
});

/** The tree over the trees of all accounts. */
export const accountsHead = (trees: TreeFile): TreeHead =>
  headOfAccounts(new Map(trees.accounts().map((each) => [each.name.slice('accounts/'.length), each])));

/** The name of the log in its checkpoints, which is fixed by the first of them. @throws SealError `SEAL_ORIGIN` */
function originOfLog(last: Seal | null, identity: string, wanted: string | null): string {
  const origin = last?.log.origin ?? wanted ?? `rolebook/${identity}`;
  if (wanted === null || wanted === origin) return origin;
  throw new SealError(
    'SEAL_ORIGIN',
    `ROLEBOOK_LOG_ORIGIN is ${wanted}, but the log was sealed as ${origin}: a log keeps its name. Leave the setting out, or set it to that.`,
  );
}

function demandOneOf(keys: SealKeys, before: readonly string[]): void {
  if (keys.publicKeys.some((key) => before.includes(key))) return;
  throw new SealError(
    'SEAL_KEY',
    'The last seal was signed by another key than this process has. In a change of keys both stand in the file of every replica, a line each, until all have sealed with both. Where the former key is lost, run rolebook seal --new-key: who holds earlier checkpoints must be told of the new public key.',
  );
}
