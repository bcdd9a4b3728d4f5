import { refusal, type Refusal } from '../../domain/refusal';
import { idOf } from '../ids';

/** Reads what an input says in GraphQL's own terms (global ids, null beside left out), and gathers what says nothing. */
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

  /** A list that replaces what is there: `null` could mean to keep it or to empty it. */
  wholeSet<T>(list: readonly T[] | null | undefined, field: string): readonly T[] | undefined {
    if (list === null) {
      const message = 'Leave the list out to keep what is there, or send an empty one to take all away.';
      this.refusals.push(refusal('INVALID_INPUT', { message, field: [field] }));
    }
    return list ?? undefined;
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
