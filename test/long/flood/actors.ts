import type { Random } from '../random';

/** Someone who asks, with what they were allowed and forbidden so far. */
export class Actor {
  readonly #allowed = new Set<string>();
  readonly #forbidden = new Set<string>();

  constructor(
    /** Id in the account, without its type. */
    readonly user: string,
    readonly token: string,
    /** Default roles that the user is in. */
    readonly roles: readonly string[],
  ) {}

  forbid(coordinate: string): void {
    this.#forbidden.add(coordinate);
    this.#allowed.delete(coordinate);
  }

  allow(coordinate: string): void {
    this.#allowed.add(coordinate);
    this.#forbidden.delete(coordinate);
  }

  /** True if this was answered before. */
  could(coordinate: string): boolean {
    return this.#allowed.has(coordinate);
  }

  /** True if this was not forbidden yet. */
  may(coordinate: string): boolean {
    return !this.#forbidden.has(coordinate);
  }
}

/** Part of the requests that those send who could before. */
const ABLE = 0.8;
/** Part of those that nobody could yet, which account admins send: they may do most. */
const ADMINS = 0.5;

export const adminsAmong = (actors: readonly Actor[]): readonly Actor[] =>
  actors.filter(({ roles }) => roles.includes('account-admin'));

/** Caller for these fields: mostly someone who could ask for them before; otherwise anybody. */
export function actorFor(coordinates: readonly string[], actors: readonly Actor[], random: Random): Actor {
  const able = actors.filter((actor) => coordinates.every((each) => actor.could(each)));
  if (able.length > 0) return random.pick(random.chance(ABLE) ? able : actors);
  return random.pick(random.chance(ADMINS) ? adminsAmong(actors) : actors);
}
