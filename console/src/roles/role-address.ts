const PREFIX = 'Role:';

/** The part of a role's id that its address holds. */
export const addressOf = (id: string): string => id.slice(PREFIX.length);

/** Id of the role at an address. */
export const idOf = (address: string): string => `${PREFIX}${address}`;
