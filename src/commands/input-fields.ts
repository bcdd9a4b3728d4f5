import type { Refusal, Subject } from '../domain/refusal';
import type { InputRefusal } from './outcome';
import type { CommandInputs, CommandType } from './registry';

/** Fields of inputs that name a subject differently than the rules do. */
const FIELDS: {
  readonly [Type in CommandType]?: { readonly [About in Subject]?: keyof CommandInputs[Type] };
} = {
  createRole: { assign: 'userIds' },
  updateRole: { assign: 'assignUserIds', unassign: 'unassignUserIds' },
  duplicateRole: { assign: 'withUsers' },
  assignUsers: { assign: 'userIds' },
  unassignUsers: { unassign: 'userIds' },
};

/** A refusal of the rules, with its path in the input of the command. */
export function placed({ subject, ...rest }: Refusal, type: CommandType): InputRefusal {
  if (!subject) return rest;
  const [about, ...inner] = subject;
  // Parts of an identity are fields of their own where the command is about nothing else.
  if (about === 'identity' && type !== 'registerUser') return { ...rest, field: [inner[0] ?? 'subject'] };
  const fields: Partial<Record<Subject, string>> = FIELDS[type] ?? {};
  return { ...rest, field: [fields[about] ?? about, ...inner] };
}
