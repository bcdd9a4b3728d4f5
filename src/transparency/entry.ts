import { hash } from 'node:crypto';
import type { RecordedEvent } from '../event-store/port/event-store';
import { parseStream } from '../event-store/port/streams';
import { canonicalJson } from '../event-store/port/json';
import { canonicalEvent } from '../repair/digest';
import { rootOf } from './merkle/frontier';
import { leafHash } from './merkle/hashes';
import type { TreeHead } from './merkle/tree';

/** An event as an entry of the trees. Pure. */

/** Canonical JSON (RFC 8785) of an event with `n`, its number in the log from 1; personal data as it is stored, encrypted. */
export function entryText(event: RecordedEvent, n: number): string {
  const { id, type, stream, data, metadata } = event;
  const revision = String(event.revision);
  try {
    // In the order of canonical JSON, so that nothing has to be sorted.
    return canonicalJson({ data, id, metadata, n: String(n), revision, stream, type });
  } catch {
    // A log that was tampered with may hold what is not JSON. It has an entry all the same, which differs.
    return `${n} ${canonicalEvent(event)}`;
  }
}

/** Hash of the leaf of an event: RFC 6962 over the SHA-256 of its entry. */
export const leafOf = (event: RecordedEvent, n: number): Buffer =>
  leafHash(hash('sha256', entryText(event, n), 'buffer'));

/** Names of the trees: of the whole log, of the catalogue, and of each account. */
export type TreeName = 'log' | 'catalogue' | `accounts/${string}`;

export const accountTree = (account: string): TreeName => `accounts/${account}`;

/** Trees that an event is a leaf of, besides that of the whole log. */
export function treeOf(stream: string): Exclude<TreeName, 'log'> | null {
  const name = parseStream(stream);
  if (name === null || name.category === 'repair') return null;
  if (name.account !== null) return `accounts/${name.account}`;
  return name.category === 'catalogue' ? 'catalogue' : null;
}

/** Origin of the checkpoints of a tree of a log. */
export const originOf = (origin: string, tree: TreeName): string =>
  tree === 'log' ? origin : `${origin}/${tree}`;

/** The tree over the trees of all accounts, in the order of their ids. */
export function headOfAccounts(heads: ReadonlyMap<string, TreeHead>): TreeHead {
  const leaves = [...heads.keys()].sort().map((id) => accountLeaf(id, heads.get(id)!));
  return { size: leaves.length, root: rootOf(leaves) };
}

/** Hash of the leaf of an account in the tree over all accounts, which fixes how each account’s tree was. */
const accountLeaf = (account: string, { size, root }: TreeHead): Buffer =>
  leafHash(
    hash('sha256', canonicalJson({ account, root: root.toString('base64'), size: String(size) }), 'buffer'),
  );
