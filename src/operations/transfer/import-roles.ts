import { createHash } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { compileSchema, faultsOf } from '../../domain/schemas';
import { nameKey } from '../../domain/names';
import { MAX_CHANGES } from '../../domain/role/context';
import type { Command } from '../../commands/command';
import type { ReadModels } from '../../../projections/view';
import { operatorContext } from '../open-account';
import type { OperatorAnswer, OperatorBus } from '../operator-bus';
import { readLines } from './lines';
import { Tally, type ImportEvents, type ImportSummary } from './report';

const Grants = Type.Array(
  Type.Object(
    { permission: Type.String(), scopes: Type.Optional(Type.Array(Type.String())) },
    { additionalProperties: false },
  ),
);
const Users = Type.Array(Type.String());
const CustomRoleLine = Type.Object(
  {
    name: Type.String(),
    description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    grants: Type.Optional(Grants),
    users: Type.Optional(Users),
  },
  { additionalProperties: false },
);
const DefaultRoleLine = Type.Object({ key: Type.String(), users: Users }, { additionalProperties: false });
type CustomLine = Static<typeof CustomRoleLine>;
type RoleLine = CustomLine | Static<typeof DefaultRoleLine>;

/** So many roles that an import made under one name may have been renamed or deleted since. */
const MAX_GENERATIONS = 1_000;

const customRoleLine = compileSchema(CustomRoleLine);
const defaultRoleLine = compileSchema(DefaultRoleLine);

/**
 * Imports roles from NDJSON, one role a line: `{"name","description","grants":[{"permission","scopes"}],"users"}`, or
 * `{"key","users"}` for a default role; users by username. A line is checked before anything of it is written; a large
 * role is written in several mutations, which a repeated import completes. The same file twice changes nothing.
 */
export async function importRoles(
  bus: OperatorBus,
  readModels: ReadModels,
  account: string,
  file: string,
  events: ImportEvents,
): Promise<ImportSummary> {
  const tally = new Tally(events);
  for await (const { number, content, bytesRead } of readLines(file)) {
    if ('fault' in content) tally.fault(number, content.fault);
    else if (content.text.trim() !== '') await importLine(content.text, number);
    events.onProgress(bytesRead);
  }
  return tally.summary();

  async function importLine(text: string, number: number): Promise<void> {
    const line = roleOf(text);
    if ('fault' in line) return tally.fault(number, line.fault);
    const usernames = line.users ?? [];
    const view = readModels.view(account);
    const ids = view.userIds(usernames);
    const unknown = usernames.filter((username) => !ids.has(username));
    if (unknown.length > 0) {
      return tally.fault(
        number,
        `UNKNOWN_USER: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}`,
      );
    }
    const userIds = usernames.flatMap((username) => ids.get(username) ?? []);
    const unknownPermissions =
      'name' in line
        ? (line.grants ?? []).filter(({ permission }) => !view.catalogue().present(permission))
        : [];
    if (unknownPermissions.length > 0) {
      const keys = unknownPermissions.map(({ permission }) => permission);
      return tally.fault(number, `UNKNOWN_PERMISSION: ${keys.slice(0, 10).join(', ')}`);
    }
    tally.answered(number, await applyLine(bus, readModels, account, line, userIds));
  }
}

function roleOf(text: string): RoleLine | { readonly fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON' };
  }
  const isDefault = typeof json === 'object' && json !== null && 'key' in json;
  const check = isDefault ? defaultRoleLine : customRoleLine;
  return check.Check(json) ? json : { fault: faultsOf(check, json).slice(0, 5).join('; ') };
}

async function applyLine(
  bus: OperatorBus,
  readModels: ReadModels,
  account: string,
  line: RoleLine,
  userIds: readonly string[],
): Promise<OperatorAnswer[]> {
  const answers: OperatorAnswer[] = [];
  const run = async (command: Command, idempotencyKey?: string): Promise<OperatorAnswer | undefined> => {
    const [answer] = await bus.executeAll([
      { command, context: { ...operatorContext(account), idempotencyKey } },
    ]);
    if (answer) answers.push(answer);
    return answer;
  };
  /**
   * Keyed by the name, so that a repeated line finds the role that an earlier import made. One that was renamed or
   * deleted since is not the role of the line any more: the next key makes a new one.
   */
  const createOnce = async ({ name, description }: CustomLine): Promise<OperatorAnswer | undefined> => {
    const hash = createHash('sha256').update(nameKey(name)).digest('hex');
    for (let n = 1; ; n += 1) {
      const command: Command = { type: 'createRole', name, description: description ?? null };
      const answer = await run(command, `import-role-${hash}-${n}`);
      if (!answer?.accepted || answer.written > 0 || n === MAX_GENERATIONS) return answer;
      const held = readModels.view(account).roles([answer.owner.id]).get(answer.owner.id);
      if (held && held.deletedAt === null && nameKey(held.name) === nameKey(name)) return answer;
      answers.pop();
    }
  };
  let role: string;
  if ('key' in line) {
    role = line.key;
  } else {
    const created = await createOnce(line);
    if (!created?.accepted) return answers.map(existing);
    role = created.owner.id;
    for (const grants of chunks(line.grants ?? [])) {
      if (!(await run({ type: 'grantPermissions', role, grants }))?.accepted) return answers;
    }
  }
  for (const chunk of chunks(userIds)) {
    if (!(await run({ type: 'assignUsers', role, userIds: chunk }))?.accepted) return answers;
  }
  return answers;
}

/** A role of that name which an earlier import made with another description is a role that exists. */
function existing(answer: OperatorAnswer): OperatorAnswer {
  if (answer.accepted || 'error' in answer) return answer;
  const refusals = answer.refusals.map((each) =>
    each.code === 'IDEMPOTENCY_KEY_REUSED'
      ? { ...each, code: 'NAME_TAKEN' as const, message: 'The role exists, with another description.' }
      : each,
  );
  return { ...answer, refusals };
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += MAX_CHANGES)
    yield items.slice(start, start + MAX_CHANGES);
}
