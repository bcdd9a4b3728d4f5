/**
 * Sets `NODE_ENV`. The first import of every entry, since libraries read it as they are loaded: outside of production,
 * GraphQL checks with every value for a second copy of itself, and takes twice as long. A value set by the operator
 * stays.
 */

/** True if whoever started the process called it production. */
export const isDeclaredProduction = process.env['NODE_ENV'] === 'production';

process.env['NODE_ENV'] ||= 'production';
