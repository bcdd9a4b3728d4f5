import { EventStoreError, type EventStore, type Position } from '../../event-store/port/event-store';
import type { SealStore } from '../../event-store/port/seal-store';
import { accountTree, type TreeName } from '../entry';
import { sealOf, type Seal } from '../follower/records';
import type { TreeHead } from '../merkle/tree';
import { parseCheckpoint, type Checkpoint } from '../notes/checkpoint';
import { NoteError, type VerifierKey } from '../notes/keys';
import { openNote, parseNote } from '../notes/note';
import { verifiersFrom } from '../notes/seal-keys';
import type { TreeFile } from '../trees/tree-file';
import { Walk, type Findings } from './walk';

export interface VerifyParts {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly seals: Pick<SealStore, 'read'>;
  /** Null: there are none in the data folder. */
  readonly trees: TreeFile | null;
  readonly onProgress?: (done: number) => void;
}

export interface VerifyOptions {
  /** Checkpoint that somebody outside kept. */
  readonly note?: string;
  /** Public key of the log that somebody outside kept. */
  readonly key?: VerifierKey;
  /** Account whose tree is wanted; left out: that of the checkpoint, or the whole log. */
  readonly account?: string;
}

export interface Verified extends Findings {
  readonly events: number;
  /** Number of seals, and of events that the last one covers. */
  readonly seals: number;
  readonly sealed: number;
  /** The tree that was wanted, computed anew. */
  readonly tree: TreeHead & { readonly name: TreeName };
  /** The checkpoint of outside that was compared; null: there was none. */
  readonly against: Checkpoint | null;
  /** Things to know that are no faults. */
  readonly told: readonly string[];
}

/**
 * Computes the trees of a log anew and compares them with its seals, with the leaves that were kept when it was sealed, and
 * with a checkpoint that somebody outside has. Nothing is decrypted.
 * @throws NoteError for a note or key that is none, or not of this log; SealError; EventStoreError
 */
export async function verifySeals(parts: VerifyParts, options: VerifyOptions = {}): Promise<Verified> {
  const seals: Seal[] = [];
  for await (const record of parts.seals.read()) seals.push(sealOf(record));
  const against = options.note === undefined ? null : outsidersCheckpoint(options.note, seals, options.key);
  const tree = treeWanted(against, options.account);
  const walk = new Walk(parts.trees, { seals, against, tree });
  const unreadable = await readInto(walk, parts);
  const { difference, faults } = walk.findings();
  const sealed = seals.at(-1)?.log.size ?? 0;
  return {
    events: walk.events,
    seals: seals.length,
    sealed,
    tree: { ...walk.wanted, name: tree },
    against,
    difference,
    faults: [...faultsOfSeals(seals), ...unreadable, ...faults],
    told: [...otherOrigin(against, seals), ...thingsToTell(seals, walk.events - sealed, options.key)],
  };
}

/** Reads the log into a walk. Returns the reason why it cannot be read to its end, if it cannot. */
async function readInto(walk: Walk, { store, onProgress }: VerifyParts): Promise<readonly string[]> {
  let after: Position | undefined;
  let isOneByOne = false;
  for (;;) {
    const before = after;
    try {
      for await (const event of store.readAll({ after, limit: isOneByOne ? 1 : Infinity })) {
        walk.add(event);
        after = event.position;
        onProgress?.(walk.events);
      }
      if (!isOneByOne || after === before) return [];
    } catch (error) {
      if (!(error instanceof EventStoreError) || error.code !== 'CORRUPT') throw error;
      if (isOneByOne) return [`event ${walk.events + 1} of the log cannot be read: ${error.message}`];
      // A whole page fails for one event that cannot be read.
      isOneByOne = true;
    }
  }
}

/** The checkpoint in a note, signed by the key of outside, or else by one that signed seals. @throws NoteError */
function outsidersCheckpoint(note: string, seals: readonly Seal[], key?: VerifierKey): Checkpoint {
  const { origin } = parseCheckpoint(parseNote(note).text);
  const known = key
    ? [key.named(origin)]
    : verifiersFrom([...new Set(seals.flatMap(({ keys }) => keys))], origin);
  return parseCheckpoint(openNote(note, known));
}

/** @throws NoteError for a checkpoint that is not of the account */
function treeWanted(against: Checkpoint | null, account?: string): TreeName {
  const wanted = account === undefined ? null : accountTree(account);
  if (against === null) return wanted ?? 'log';
  const tree = splitOrigin(against.origin).tree;
  if (wanted === null || tree === wanted) return tree;
  throw new NoteError(`the checkpoint is of ${against.origin}, not of ${wanted}`);
}

/** The log and the tree that an origin names. */
function splitOrigin(origin: string): { readonly log: string; readonly tree: TreeName } {
  const [, log = origin, name] = /^(.+)\/(catalogue|accounts\/[^/]+)$/.exec(origin) ?? [];
  return { log, tree: (name as TreeName | undefined) ?? 'log' };
}

/** Line on a checkpoint of a log of another name: this one is a copy of it, or neither is of the other. */
function otherOrigin(against: Checkpoint | null, seals: readonly Seal[]): readonly string[] {
  const sealed = seals.at(-1)?.log.origin;
  if (against === null || sealed === undefined || splitOrigin(against.origin).log === sealed) return [];
  return [`The checkpoint is of ${against.origin}, and this log is sealed as ${sealed}.`];
}

/** Faults that the seals have without their log: signatures, and their order. */
function faultsOfSeals(seals: readonly Seal[]): readonly string[] {
  return seals.flatMap((seal, index) => {
    const before = seals[index - 1];
    const faults = signatureFaults(seal);
    if (before && seal.log.size < before.log.size)
      faults.push(`seal ${seal.revision} is of fewer events than the one before`);
    if (before && seal.log.origin !== before.log.origin)
      faults.push(`seal ${seal.revision} is of another origin than the one before`);
    if (seal.revision !== index) faults.push(`a seal was removed before seal ${seal.revision}`);
    return faults;
  });
}

function signatureFaults({ revision, keys, notes, log, catalogue, accounts }: Seal): string[] {
  const signed = [
    [notes.log, log],
    [notes.catalogue, catalogue],
    [notes.accounts, accounts],
  ] as const;
  try {
    for (const [note, { origin }] of signed) openNote(note, verifiersFrom(keys, origin));
    return [];
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    return [`seal ${revision}: ${error.message}`];
  }
}

function thingsToTell(seals: readonly Seal[], unsealed: number, key?: VerifierKey): readonly string[] {
  const last = seals.at(-1);
  const news = seals.filter(
    ({ keys }, index) => index > 0 && !keys.some((each) => seals[index - 1]?.keys.includes(each)),
  );
  return [
    ...(last === undefined
      ? ['The log was never sealed, so that nothing proves what is in it: rolebook seal.']
      : []),
    ...(last !== undefined && unsealed > 0
      ? [`${unsealed} events came after the last seal; nothing proves these yet.`]
      : []),
    ...(last !== undefined && key !== undefined && !last.keys.includes(key.publicKey)
      ? ['The last seal is signed by another key than the one that was given.']
      : []),
    ...news.map(
      ({ revision, at }) => `Seal ${revision} (${at}) was signed by a key that none before it was signed by.`,
    ),
  ];
}
