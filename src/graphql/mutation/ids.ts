import { refusal, type Refusal } from '../../domain/refusal';
import { idOf } from '../ids';

/** Reads the global ids of an input, and gathers those that are none. */
export class InputIds {
  readonly refusals: Refusal[] = [];

  /** The role or user that the mutation changes. A malformed id names nothing. */
  target(type: 'Role' | 'User', text: string, field: string): string {
    const id = idOf(type, text);
    if (id === null) this.refusals.push(refusal('NOT_FOUND', { field: [field] }));
    return id ?? '';
  }

  /** An id that is about to be given to a new user. */
  fresh(text: string | null | undefined, field: string): string | null {
    if (text == null) return null;
    const id = idOf('User', text);
    if (id === null) {
      const message = 'A user’s id is `User:` and 1 to 64 of A-Z a-z 0-9 _ -.';
      this.refusals.push(refusal('INVALID_INPUT', { message, field: [field] }));
    }
    return id;
  }

  /** Users that the mutation names. */
  users(texts: readonly string[] | null | undefined, field: string): string[] | null | undefined {
    return texts?.map((text, index) => {
      const id = idOf('User', text);
      if (id === null) {
        const message = 'This is not the id of a user.';
        this.refusals.push(refusal('INVALID_INPUT', { message, field: [field, String(index)] }));
      }
      return id ?? '';
    });
  }
}
