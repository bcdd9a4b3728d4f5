/** What was looked up, up to a number of entries; when full, all is forgotten and looked up again. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();

  constructor(private readonly max: number) {}

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#entries.size >= this.max) this.#entries.clear();
    this.#entries.set(key, value);
  }
}

/** The same of things that have their ids in an account. */
export class BoundedAccountCache<Value> {
  readonly #accounts = new Map<number, Map<string, Value>>();
  #size = 0;

  /** `onForget` is called before all is forgotten. */
  constructor(
    private readonly max: number,
    private readonly onForget: () => void = () => undefined,
  ) {}

  get(account: number, id: string): Value | undefined {
    return this.#accounts.get(account)?.get(id);
  }

  /** Of one that is not remembered. */
  set(account: number, id: string, value: Value): void {
    if (this.#size >= this.max) {
      this.onForget();
      this.#accounts.clear();
      this.#size = 0;
    }
    let entries = this.#accounts.get(account);
    if (!entries) this.#accounts.set(account, (entries = new Map()));
    entries.set(id, value);
    this.#size += 1;
  }
}
