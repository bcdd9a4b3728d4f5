import type { JsonObject, JsonValue } from './event-store';

/** What was wrong with a value, and where in it: `data.grants[2]: a BigInt is not JSON`. */
export class NotJson extends Error {}

/** Deeper nesting is taken for a mistake; far beyond any event of ours, far below where a stack ends. */
const MAX_DEPTH = 100;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The value as canonical JSON (RFC 8785: keys sorted by UTF-16 unit, no white space, numbers as ECMAScript prints them).
 *
 * Validates while it writes, in one pass, because `JSON.stringify` and the packages built on it quietly drop or change
 * what is not JSON: an event must be read back as it was written, or be refused. Only `-0` is taken as `0`.
 * @throws NotJson
 */
export function canonicalJson(value: unknown, at = 'value'): string {
  return write(value, at, []);
}

function write(value: unknown, at: string, ancestors: object[]): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, at);
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(`${at}: ${value} is not JSON`);
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeContainer(value, at, ancestors);
    default:
      throw new NotJson(`${at}: ${NAMES[typeof value] ?? typeof value} is not JSON`);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  undefined: 'undefined',
  bigint: 'a BigInt',
  function: 'a function',
  symbol: 'a symbol',
};

function writeString(value: string, at: string): string {
  if (LONE_SURROGATE.test(value)) throw new NotJson(`${at}: a lone surrogate is not Unicode text`);
  return JSON.stringify(value);
}

function writeContainer(value: object, at: string, ancestors: object[]): string {
  if (ancestors.includes(value)) throw new NotJson(`${at}: contains itself`);
  if (ancestors.length >= MAX_DEPTH) throw new NotJson(`${at}: nested deeper than ${MAX_DEPTH}`);
  ancestors.push(value);
  const text = Array.isArray(value) ? writeArray(value, at, ancestors) : writeObject(value, at, ancestors);
  ancestors.pop();
  return text;
}

function writeArray(value: readonly unknown[], at: string, ancestors: object[]): string {
  let text = '[';
  // An index loop, since the array's own methods skip holes.
  for (let index = 0; index < value.length; index++) {
    if (index > 0) text += ',';
    text += write(value[index], `${at}[${index}]`, ancestors);
  }
  return text + ']';
}

function writeObject(value: object, at: string, ancestors: object[]): string {
  if (!isPlain(value)) throw new NotJson(`${at}: only plain objects are JSON, not ${describe(value)}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotJson(`${at}: a symbol as key is not JSON`);
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    if (text.length > 1) text += ',';
    const path = `${at}.${key}`;
    text += `${writeString(key, path)}:${write((value as Record<string, unknown>)[key], path, ancestors)}`;
  }
  return text + '}';
}

/** Plain: no prototype, or one that is itself the last (`Object.prototype`, also that of another realm). */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'another object';
}

/** Whether a parsed JSON value is an object (and neither null nor an array). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
