import { KeyBookError, type KeyBookErrorCode } from '../keys/port/key-book';
import { CommandError, type CommandErrorCode } from './outcome';

/** Failures of the key book, as the sender of a command is told of them. */

type Told = readonly [code: CommandErrorCode, what: string];

const AWAY: Told = ['LOG_UNAVAILABLE', 'The key book cannot be reached'];
const DAMAGED: Told = [
  'KEY_BOOK_CORRUPT',
  'A segment of the key book is damaged, which an operator has to bring back from a copy',
];

/** Codes by which an operator finds what to mend. `KEY_PROTECTED` and `KEY_BOOK_MISMATCH` are faults of this program. */
const UNUSABLE: readonly KeyBookErrorCode[] = [
  'MASTER_KEY_UNKNOWN',
  'MASTER_KEY_FILE',
  'ACCOUNT_KEYS_MISSING',
  'KEY_BOOK_FULL',
  'DENIED',
];

/** The command's own error for a failure of the key book; the failure itself where it is a fault of this program. */
export function keyBookFailure(error: KeyBookError, progress: string): CommandError | KeyBookError {
  const told = toldOf(error.code);
  if (told === null) return error;
  const [code, what] = told;
  return new CommandError(code, `${what}; ${progress}.`, { cause: error });
}

function toldOf(code: KeyBookErrorCode): Told | null {
  if (code === 'UNAVAILABLE' || code === 'CLOSED') return AWAY;
  if (code === 'KEY_BOOK_CORRUPT') return DAMAGED;
  return UNUSABLE.includes(code)
    ? ['KEY_BOOK_UNUSABLE', `The key book cannot be used, and an operator has to mend it (${code})`]
    : null;
}
