/** A key whose use is noted. */
export interface UsedKey {
  readonly account: string;
  /** Id of the key. */
  readonly id: string;
}

/** Last uses of API keys that this replica saw. */
export interface LastUses {
  /** Null where it saw none. */
  lastUse(key: UsedKey): Date | null;
}
