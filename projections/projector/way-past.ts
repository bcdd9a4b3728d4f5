import type { PoisonEvent } from '../view';

/** What an operator needs to know of an event that cannot be applied: which it is, and what to run. */
export const wayPast = ({ id, type, stream, revision }: PoisonEvent) => ({
  event: id,
  type,
  stream,
  revision,
  command: `npx rolebook log void ${id} --reason "..."`,
});
