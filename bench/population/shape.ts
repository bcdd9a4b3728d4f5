/** Size of an account of the bench, and how its parts grow with it. */

export interface Shape {
  readonly users: number;
  /** Custom roles: 100 at 1,000 users, 10,000 at 1,000,000. */
  readonly roles: number;
  /** Members of the large role: 100,000 at 1,000,000 users. */
  readonly large: number;
  /** Members of the role of 300. */
  readonly small: number;
  /** Holders of a permission that some thousand have. */
  readonly some: number;
  /** Holders of a permission that few have. */
  readonly few: number;
}

/** Every tenth user is in the large role. */
export const LARGE_SHARE = 10;

/** A user has the same number of roles in every size, so that sizes differ in size alone. */
export function shapeOf(users: number): Shape {
  return {
    users,
    roles: Math.round(100 * (users / 1_000) ** (2 / 3)),
    large: Math.ceil(users / LARGE_SHARE),
    small: Math.min(300, Math.round(users * 0.3)),
    some: Math.min(3_000, Math.round(users * 0.3)),
    few: 12,
  };
}

/** Users from here on are in ordinary roles and perhaps the large one alone: whom checks ask about, in every size alike. */
export const firstOrdinary = ({ users }: Shape): number => Math.floor(users * 0.6);
