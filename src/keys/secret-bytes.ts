/**
 * Bytes that neither logs nor JSON show. Making a `KeyObject` of them costs as much as half an encryption, and its
 * finalizer as much again, for each of many users.
 */
export class SecretBytes {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }
}
