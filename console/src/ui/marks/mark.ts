/** Kind of a change, as its sign shows it. */
export type Mark = 'added' | 'removed' | 'changed';
