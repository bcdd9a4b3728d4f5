/** A text that is no position of this store; the message is fit to be shown. */
export class PositionError extends Error {
  override readonly name = 'PositionError';

  constructor(
    readonly code: 'BAD_USER_INPUT' | 'POSITION_OF_ANOTHER_STORE',
    message: string,
  ) {
    super(message);
  }
}

const PATTERN = /^([0-9a-z]{1,8})-([0-9a-z]{1,26})$/;

/**
 * Positions as clients see them: `<first 8 of the store's identity>-<the position in base 36>`. They name their store,
 * so that a position of another store is rejected rather than taken for one of this store.
 */
export class PositionCodec {
  private readonly store: string;

  constructor(storeIdentity: string) {
    this.store = storeIdentity
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .slice(0, 8);
  }

  encode(position: bigint): string {
    return `${this.store}-${position.toString(36)}`;
  }

  /** @throws PositionError for text that is not a position, and for a position of another store */
  decode(text: string): bigint {
    const [, store, digits] = PATTERN.exec(text) ?? [];
    if (store === undefined || digits === undefined)
      throw new PositionError(
        'BAD_USER_INPUT',
        'This is not a position. Give one as an answer of Rolebook had it.',
      );
    if (store !== this.store)
      throw new PositionError(
        'POSITION_OF_ANOTHER_STORE',
        'The position belongs to another event store than this one.',
      );
    return [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  }
}
