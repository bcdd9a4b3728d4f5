/** A number with its noun: `1 field`, `2 fields`. `one`: the noun in the singular, with a regular plural. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
