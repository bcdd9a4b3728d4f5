/**
 * The first import of every entry. Libraries choose as they are loaded: unless told that this is no development, GraphQL
 * looks with every value for a second copy of itself, and takes twice as long. A value set by the operator stays.
 */
process.env['NODE_ENV'] ||= 'production';
