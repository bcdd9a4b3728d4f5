import { getNullableType } from 'graphql';
import * as fields from '../src/graphql/guard';
import * as entries from '../src/http/guard';
import { ACCOUNT, ADMIN } from './population/events';

/**
 * Takes the guard away, of entries and of fields, for the measurement of what it costs. The program has no such switch:
 * this replaces functions of its modules in a process of the bench, before any of them is called.
 */

Object.assign(fields as object, {
  // Mutations are as nullable as they are with it.
  guard: ((schema) => {
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
      field.type = getNullableType(field.type);
  }) satisfies typeof fields.guard,
  need: () => undefined,
  refusal: () => null,
});

const nobodyIsAsked = async (): Promise<void> => undefined;

Object.assign(entries as object, {
  createGuard: (): entries.Guard => ({
    user: nobodyIsAsked,
    operator: nobodyIsAsked,
    session: nobodyIsAsked,
    scraper: nobodyIsAsked,
    reader: nobodyIsAsked,
    again: nobodyIsAsked,
    readerOf: () => ({ kind: 'user', account: ACCOUNT, user: ADMIN }),
    caller: () => ({ kind: 'user', account: ACCOUNT, user: ADMIN }),
  }),
});
