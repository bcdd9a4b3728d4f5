/**
 * The idempotency key of a form: the same as long as the form says the same, however often Save is pressed, and another once
 * its content changed, for a key with two meanings is refused.
 */
export interface KeyOfInput {
  content: string;
  key: string;
}

/** Key for an input. */
export function keyFor(held: KeyOfInput, input: object): string {
  const content = JSON.stringify(input);
  if (held.content !== content) {
    held.content = content;
    held.key = crypto.randomUUID();
  }
  return held.key;
}
