import { validate, validateSync, type ValidationError } from 'class-validator';
import { inputRefusal, type InputRefusal } from '../../commands/command';
import type { Work } from '../../shared/turns';
import { parseGlobalId, partsOf } from '../global-id';

const OPTIONS = { forbidUnknownValues: false, validationError: { target: false, value: false } } as const;
/** Work of validating an object, in rows read. */
const AN_OBJECT = 10;

/** Malformed fields of an input, as refusals with the path of each. The rules of the domain come after. */
export async function shapeRefusals(input: object, work: Work): Promise<InputRefusal[]> {
  const lists = Object.entries(input).filter((entry): entry is [string, object[]] =>
    isListOfObjects(entry[1]),
  );
  // Lists may hold thousands of objects: it yields to other requests between them.
  const without = Object.fromEntries(lists.map(([field]) => [field, []]));
  const rest = Object.assign(Object.create(Object.getPrototypeOf(input) as object) as object, input, without);
  const refusals = (await validate(rest, OPTIONS)).flatMap((error) => flatten(error, []));
  for (const [field, list] of lists) {
    for (const [index, entry] of list.entries()) {
      await work.before(AN_OBJECT);
      const errors = validateSync(entry, OPTIONS);
      refusals.push(...errors.flatMap((error) => flatten(error, [field, String(index)])));
    }
  }
  return refusals;
}

const isListOfObjects = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'object';

function flatten(
  { property, constraints = {}, children = [] }: ValidationError,
  parents: readonly string[],
): InputRefusal[] {
  const field = [...parents, property];
  return [
    ...Object.values(constraints).map((message) => inputRefusal('INVALID_INPUT', { field, message })),
    ...children.flatMap((child) => flatten(child, field)),
  ];
}

/** Reads an input in GraphQL's own terms (global ids, null as well as left out), and collects malformed fields. */
export class InputIds {
  readonly refusals: InputRefusal[] = [];
  /** Position of the moment that the source of a copy is as of; null: now. */
  sourceAt: string | null = null;

  /** The role or user that the mutation changes. A malformed id names nothing. */
  target(type: 'Role' | 'User', text: string, field: string): string {
    const id = this.present(type, text, [field]);
    if (id === null) this.refusals.push(inputRefusal('NOT_FOUND', { field: [field] }));
    return id ?? '';
  }

  /** The user and the API key that the mutation ends, of one id. A malformed id names nothing. */
  apiKey(text: string, field: string): { readonly user: string; readonly apiKey: string } {
    const named = parseGlobalId(text);
    if (named?.type !== 'ApiKey') {
      this.refusals.push(inputRefusal('NOT_FOUND', { field: [field] }));
      return { user: '', apiKey: '' };
    }
    const [user, apiKey] = partsOf(named.id);
    if (named.at !== undefined)
      this.refusals.push(inputRefusal('PAST_OBJECT', { field: [field], idsOf: 'user', ids: [user] }));
    return { user, apiKey };
  }

  /** The role that the mutation copies, as of now or, by an id of the past, as of then. A malformed id names nothing. */
  source(text: string, field: string): string {
    const named = parseGlobalId(text);
    if (named?.type !== 'Role') return this.target('Role', text, field);
    this.sourceAt = named.at ?? null;
    return named.id;
  }

  /** An id for a new user. */
  fresh(text: string | null | undefined, field: string): string | null {
    if (text == null) return null;
    const id = this.present('User', text, [field]);
    if (id === null) {
      const message = 'A user’s id is `User:` and 1 to 64 of A-Z a-z 0-9 _ -.';
      this.refusals.push(inputRefusal('INVALID_INPUT', { field: [field], message }));
    }
    return id;
  }

  /** A list that replaces the present one: `null` could mean to keep it or to empty it. */
  wholeSet<T>(list: readonly T[] | null | undefined, field: string): readonly T[] | undefined {
    if (list === null) {
      const message = 'Leave the list out to keep what is there, or send an empty one to take all away.';
      this.refusals.push(inputRefusal('INVALID_INPUT', { field: [field], message }));
    }
    return list ?? undefined;
  }

  /** Users that the mutation names. */
  users(texts: readonly string[] | null | undefined, field: string): string[] | null | undefined {
    return this.list('User', texts, field);
  }

  /** Roles that the mutation names. */
  roles(texts: readonly string[] | null | undefined, field: string): string[] | null | undefined {
    return this.list('Role', texts, field);
  }

  private list(
    type: 'Role' | 'User',
    texts: readonly string[] | null | undefined,
    field: string,
  ): string[] | null | undefined {
    return texts?.map((text, index) => {
      const id = this.present(type, text, [field, String(index)]);
      if (id === null) {
        const message = `This is not the id of a ${type.toLowerCase()}.`;
        this.refusals.push(inputRefusal('INVALID_INPUT', { field: [field, String(index)], message }));
      }
      return id ?? '';
    });
  }

  /** The id of a role or user of now, null for any text but one of that type. One of the past is refused. */
  private present(type: 'Role' | 'User', text: string, field: readonly string[]): string | null {
    const named = parseGlobalId(text);
    if (named?.type !== type) return null;
    if (named.at !== undefined)
      this.refusals.push(
        inputRefusal('PAST_OBJECT', { field, idsOf: type === 'Role' ? 'role' : 'user', ids: [named.id] }),
      );
    return named.id;
  }
}
