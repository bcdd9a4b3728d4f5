import canonicalize from 'canonicalize';
import type { JsonObject, JsonValue } from './event-store';

/** Fault of a value, with its path: `data.grants[2]: a BigInt is not JSON`. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError';
}

/** Deeper nesting is taken for a mistake; far beyond any event of Rolebook, far below the limit of the stack. */
const MAX_DEPTH = 100;

/**
 * The value as canonical JSON (RFC 8785: keys sorted by UTF-16 unit, no white space, numbers as ECMAScript prints
 * them).
 *
 * Validates first, because `JSON.stringify` and the packages built on it quietly drop or change values that are not
 * JSON: an event must be read back as it was written, or be refused. Only `-0` is taken as `0`.
 * @throws NotJsonError
 */
export function canonicalJson(value: unknown, at = 'value'): string {
  const inOrder = new Check(at).isInOrder(value);
  // A value with its keys in order, as most written ones have, is canonical as `JSON.stringify` writes it.
  return inOrder ? JSON.stringify(value) : (canonicalize(value) ?? '');
}

/** Walks a value once, and allocates only for the message of a fault. */
class Check {
  readonly #ancestors: object[] = [];
  readonly #path: (string | number)[] = [];

  constructor(private readonly root: string) {}

  /** True if all keys are in the canonical order; throws if something is not JSON. */
  isInOrder(value: unknown): boolean {
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) throw this.#fault('a lone surrogate is not Unicode text');
        return true;
      case 'number':
        if (!Number.isFinite(value)) throw this.#fault(`${value} is not JSON`);
        return true;
      case 'boolean':
        return true;
      case 'object':
        return value === null || this.#container(value);
      default:
        throw this.#fault(`${NAMES[typeof value] ?? typeof value} is not JSON`);
    }
  }

  #container(value: object): boolean {
    if (this.#ancestors.includes(value)) throw this.#fault('contains itself');
    if (this.#ancestors.length >= MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH}`);
    this.#ancestors.push(value);
    const inOrder = Array.isArray(value) ? this.#array(value) : this.#object(value);
    this.#ancestors.pop();
    return inOrder;
  }

  #array(value: readonly unknown[]): boolean {
    let inOrder = true;
    // An index loop, since the array's own methods skip holes.
    for (let index = 0; index < value.length; index++) inOrder = this.#child(index, value[index]) && inOrder;
    return inOrder;
  }

  #object(value: object): boolean {
    if (!isPlain(value)) throw this.#fault(`only plain objects are JSON, not ${describe(value)}`);
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.#fault('a symbol as key is not JSON');
    let inOrder = true;
    let last = '';
    for (const key of Object.keys(value)) {
      inOrder = this.#child(key, (value as Record<string, unknown>)[key]) && last <= key && inOrder;
      last = key;
    }
    return inOrder;
  }

  #child(key: string | number, value: unknown): boolean {
    this.#path.push(key);
    if (typeof key === 'string' && !key.isWellFormed())
      throw this.#fault('a lone surrogate is not Unicode text');
    const inOrder = this.isInOrder(value);
    this.#path.pop();
    return inOrder;
  }

  #fault(what: string): NotJsonError {
    const steps = this.#path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    return new NotJsonError(`${this.root}${steps.join('')}: ${what}`);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  undefined: 'undefined',
  bigint: 'a BigInt',
  function: 'a function',
  symbol: 'a symbol',
};

/** Plain: no prototype, or one that is itself the last (`Object.prototype`, also that of another realm). */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'another object';
}

/** True if a parsed JSON value is an object (and neither null nor an array). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
