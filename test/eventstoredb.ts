import { randomUUID } from 'node:crypto';

/**
 * The EventStoreDB server that the tests are to run on besides, if `EVENTSTOREDB_URL` names one. A server keeps what it
 * is given for ever, so each test has streams of its own there: any server will do, again and again.
 */
export const serverUrl = process.env.EVENTSTOREDB_URL || null;

/** What the streams of one test start with. */
export const newPrefix = (): string => `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
