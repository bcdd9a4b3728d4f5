import { Types } from 'scimmy';
import { CommandError, type CommandErrorCode, type InputRefusal } from '../commands/command';
import type { RefusalCode } from '../domain/refusal';

/** Refusals in SCIM’s terms (RFC 7644, section 3.12): a status, a type where there is one, and our own stable code. */

export type ScimType =
  | 'uniqueness'
  | 'invalidFilter'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

/** A request of SCIM that is refused. Its message is our own, and holds nothing that the client sent. */
export class ScimError extends Error {
  override readonly name = 'ScimError';

  constructor(
    readonly status: number,
    readonly code: RefusalCode | CommandErrorCode | 'POSITION_NOT_REACHED',
    message: string,
    readonly scimType: ScimType | null = null,
  ) {
    super(message);
  }
}

/** Refuses a request that is malformed, or asks what this server does not do. */
export const malformed = (scimType: ScimType, message: string): ScimError =>
  new ScimError(400, 'INVALID_INPUT', message, scimType);

export const notFound = (): ScimError => new ScimError(404, 'NOT_FOUND', 'There is no such user.');

interface Answer {
  readonly status: number;
  readonly scimType?: ScimType;
}

const TAKEN: Answer = { status: 409, scimType: 'uniqueness' };
const GONE: Answer = { status: 404 };
const INVALID: Answer = { status: 400, scimType: 'invalidValue' };

/** Answers to refusals of the rules; all others are faults of a value. */
const ANSWERS: { readonly [Code in RefusalCode]?: Answer } = {
  USERNAME_TAKEN: TAKEN,
  USERNAME_SUPPRESSED: TAKEN,
  EXTERNAL_ID_TAKEN: TAKEN,
  EXTERNAL_ID_SUPPRESSED: TAKEN,
  NOT_FOUND: GONE,
  USER_ERASED: GONE,
  ESCALATION: { status: 403 },
  SELF_DEACTIVATION: { status: 403 },
  // A conflict with the state of the account. RFC 7644 has no type for it under this status.
  LAST_ADMIN: { status: 409 },
};

/** The error for a command that was refused: the first refusal decides the status, all are told. */
export function refusalError([first, ...others]: readonly InputRefusal[]): ScimError {
  if (!first) throw new Error('A command was refused for no reason.');
  const { status, scimType } = ANSWERS[first.code] ?? INVALID;
  if (status === 404) return notFound();
  const told = [first.message, ...others.map(({ code, message }) => `${code}: ${message}`)].join(' ');
  return new ScimError(status, first.code, told, scimType);
}

/** The error for a command that could not be decided at all; any other error is passed on. */
export function commandFailure(error: unknown): unknown {
  if (!(error instanceof CommandError)) return error;
  // All but a missing right pass by themselves, or once an operator did something: the same may be sent again.
  return new ScimError(error.code === 'FORBIDDEN' ? 403 : 503, error.code, error.message);
}

/** Texts for the faults that the library finds: its own repeat what the client sent. */
const FOUND: { readonly [Type in ScimType]?: string } = {
  invalidPath: 'A path does not parse, or names no attribute of a user.',
  noTarget: 'An operation has no target.',
  mutability: 'The attribute cannot be changed.',
  invalidSyntax: 'The message is not one that SCIM defines.',
};

/** Runs the library on what a client sent. @throws ScimError */
export async function checked<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const found = error instanceof Types.Error ? (error.scimType as ScimType) : null;
    if (found === null && !(error instanceof TypeError)) throw error;
    const type = found !== null && Object.hasOwn(FOUND, found) ? found : 'invalidValue';
    throw malformed(type, FOUND[type] ?? WRONG_TYPE);
  }
}

const WRONG_TYPE =
  'An attribute that is required is missing, or a value is not of the type of its attribute.';
