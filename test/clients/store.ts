import type { AnyData } from '../http/harness';

export type Variables = Readonly<Record<string, unknown>>;

/** A client with its store, behind one interface, so that one story is told of all. */
export interface Store<Name extends string> {
  /** Asks the server, and writes the answer into the store. */
  fetch(name: Name, variables: Variables): Promise<void>;
  /** Answers from the store alone, as a screen that shows the operation does; null where something is missing. */
  read(name: Name, variables: Variables): AnyData | null;
  /** Sends a mutation; its answer. `optimistic` is shown until that is there. */
  mutate(name: Name, variables: Variables, optimistic?: AnyData): Promise<AnyData>;
  close(): void;
}

export interface Connected {
  readonly url: string;
  readonly token: string;
}

export type OpenStore<Name extends string> = (server: Connected) => Store<Name>;

/** Data without what clients add to it. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== '__typename' && name !== '__id');
  return Object.fromEntries(kept.map(([name, inner]) => [name, bare(inner)]));
}
