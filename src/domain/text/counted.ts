/** A number of things in words: `1 field`, `2 fields`. `one`: what one of them is called, of a regular plural. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
