import { collect, type Pairs } from './pairs';

/** The size of the well-known data of a company's permissions ("americas_small"), and about its variety. */
const USERS = 3_477;
const PERMISSIONS = 1_587;
const PAIRS = 105_205;
const GROUPS = 259;

/** Made-up pairs of exactly that size: groups of users with the same permissions, until the number is reached. */
export function syntheticPairs(): Pairs {
  const random = generator(20_080_611);
  const below = (n: number): number => Math.floor(random() * n);
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: 1 + below(50) }, () => below(PERMISSIONS)),
  );
  const pairs = new Set<number>();
  const add = (user: number, permission: number): void => {
    if (pairs.size < PAIRS) pairs.add(user * PERMISSIONS + permission);
  };
  // Everyone and everything at least once.
  for (let permission = 0; permission < PERMISSIONS; permission += 1) add(below(USERS), permission);
  for (let user = 0; user < USERS; user += 1)
    for (const permission of groups[user % GROUPS]!) add(user, permission);
  while (pairs.size < PAIRS) {
    const [group, permission] = [below(GROUPS), below(PERMISSIONS)];
    for (let user = group; user < USERS; user += GROUPS) add(user, permission);
  }
  return collect(
    'SYNTHETIC, made up in the size of the real data',
    [...pairs].map((pair) => [String(Math.floor(pair / PERMISSIONS)), String(pair % PERMISSIONS)] as const),
  );
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
