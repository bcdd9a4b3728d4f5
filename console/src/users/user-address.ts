const PREFIX = 'User:';

/** The part of a user's id that its address holds. */
export const userAddressOf = (id: string): string => id.slice(PREFIX.length);

/** Id of the user at an address. */
export const userIdOf = (address: string): string => `${PREFIX}${address}`;
