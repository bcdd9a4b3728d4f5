import type { Static, TSchema } from '@sinclair/typebox';

/** The union of `{ type, data }` that a table of event schemas describes: the one definition gives type and validator. */
export type EventOf<Definitions extends Record<string, TSchema>> = {
  [Name in keyof Definitions & string]: {
    readonly type: Name;
    readonly data: Static<Definitions[Name]>;
  };
}[keyof Definitions & string];
