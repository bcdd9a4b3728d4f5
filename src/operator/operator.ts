import os from 'node:os';
import { v4 } from 'uuid';
import type { CommandContext } from '../commands/command';
import type { Actor } from '../domain/vocabulary';

/** Identity of an operator, and the record of each change that they make. */

/** The operator and the reason in the metadata of every event of one operator's command. */
export interface OnRecord {
  /** Id of the operator as an actor; see `isOperatorId`. */
  readonly operator: string;
  /** The machine where the command is given; left out: not known. */
  readonly host?: string;
  /** Free text, at most 200 characters and 300 bytes of UTF-8. */
  readonly reason?: string;
}

/** An operator whose name is not known. */
const NOBODY_KNOWN = 'operator';
/** Rolebook's own names for itself: a log whose first event is by `demo` is one in which the demo is to be made. */
const RESERVED: ReadonlySet<string> = new Set(['demo', 'start']);
const LIMIT = 64;
const FIT = /^[\p{L}\p{M}\p{N}._@+-]{1,64}$/u;
const UNFIT = /[^\p{L}\p{M}\p{N}._@+-]+/gu;

/** Message with the allowed names, wherever an operator is named. */
export const OPERATOR_FORM =
  'An operator’s name has 1 to 64 letters, digits and . _ @ + -, and is not “demo” or “start”.';

/** True if a text can be an operator's id: 1 to 64 letters, digits and `. _ @ + -`, and not one of Rolebook's own. */
export const isOperatorId = (text: string): boolean => FIT.test(text) && !RESERVED.has(text);

/** The system's user as an operator's id: other characters become a hyphen; `operator` if nothing is left. */
export function systemOperator(userInfo: () => { readonly username: string } = os.userInfo): string {
  let name: string;
  try {
    name = userInfo().username;
  } catch {
    // The system has no entry for the user of the process, as in a container that runs under a number.
    return NOBODY_KNOWN;
  }
  const fit = [...name.normalize('NFC').replace(UNFIT, '-')]
    .slice(0, LIMIT)
    .join('')
    .replace(/^-+|-+$/g, '');
  return isOperatorId(fit) ? fit : NOBODY_KNOWN;
}

const LONGEST_HOST = 64;

/** The name of this machine, as it is recorded: other characters become a hyphen; undefined if nothing is left. */
export function systemHost(hostname: () => string = os.hostname): string | undefined {
  const fit = hostname()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST_HOST)
    .replace(/^-+|-+$/g, '');
  return fit === '' ? undefined : fit;
}

/** An operator as an actor. */
export const operatorActor = ({ operator: id, host }: OnRecord): Actor => ({
  type: 'operator',
  id,
  ...(host === undefined ? {} : { host }),
});

/** Context of a command that an operator gives. */
export const operatorContext = (account: string, record: OnRecord): CommandContext => ({
  account,
  actor: operatorActor(record),
  requestId: v4(),
  ...(record.reason ? { reason: record.reason } : {}),
});
