/** Something of an account, by its id. */
export interface OfAccount {
  readonly account: string;
  readonly id: string;
}

/** Times at which this replica last saw something: the use of an API key, the sign-in of a user. */
export interface LastTimes {
  /** Null where it saw none. */
  last(key: OfAccount): Date | null;
}
