import type { Random } from '../random';

/** Mistakes of clients and attempts of attackers: values at and beyond every bound, and texts that are none. */

const LONG_LIST = 1_001;

const ODD_DATES = [
  '0000-01-01T00:00:00+01:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999-14:00',
  '2026-02-30T00:00:00Z',
  '2026-11-20',
  '2999-01-01T00:00:00Z',
  '2026-11-20T10:00',
  '-000001-12-31T23:00:00Z',
  '+010000-01-01T00:00:00Z',
];

const ODD: readonly unknown[] = [
  null,
  '',
  ' ',
  '\t\n',
  'x'.repeat(201),
  'x'.repeat(20_000),
  '\u0000',
  'a\u0007b',
  '\ud800',
  '\u202egnp.exe',
  'admin\u200b',
  '\ufdfa'.repeat(100),
  'e\u0301'.repeat(60),
  '👩‍👩‍👧‍👦'.repeat(30),
  '__proto__',
  'constructor',
  'User:nobody',
  'User:',
  'Role:no-such-role',
  'Role:account-admin',
  'Account:demo',
  'HistoryEntry:1',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%',
  '\\',
  0,
  -1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  1e300,
  true,
  [],
  {},
  [null],
  { __proto__: null, toString: 1 },
  Array.from({ length: LONG_LIST }, (_, n) => `User:x${n}`),
  ...ODD_DATES,
];

/** The same value with one of its parts, at any depth, replaced, left out or added. */
export function spoiled(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.6)) {
    const index = random.below(value.length);
    return value.map((each, at) => (at === index ? spoiled(each, random) : (each as unknown)));
  }
  if (isRecord(value) && random.chance(0.9)) {
    const keys = Object.keys(value);
    if (keys.length === 0 || random.chance(0.05))
      return { ...value, [`odd${random.below(10)}`]: random.pick(ODD) };
    const key = random.pick(keys);
    if (!random.chance(0.1)) return { ...value, [key]: spoiled(value[key], random) };
    const { [key]: _, ...rest } = value;
    return rest;
  }
  return isDate(value) && random.chance(0.7) ? random.pick(ODD_DATES) : random.pick(ODD);
}

const isDate = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A document that does not parse, or does not fit the schema. */
export function spoiledText(query: string, random: Random): string {
  const at = random.below(query.length);
  return random.pick([
    query.slice(0, at),
    `${query.slice(0, at)}${random.pick(['}', '{', '(', '$', '"', '"""', '\u0000', '…', '@skip'])}${query.slice(at)}`,
    query.replace('{', '{ noSuchField '),
    `${query} ${query}`,
    query.replace(/\b(first|id|input)\b/, 'wrong'),
    '',
  ]);
}
