import {
  defaultFieldResolver,
  type FieldNode,
  getNullableType,
  isListType,
  isNullableType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { Extensions } from 'type-graphql';
import type { Caller } from './caller';
import type { RequestContext } from './context';
import { requestError, type RequestError } from './errors';
import { needsOf, type Need } from './needs/needs';

/** Stands for a right that depends on what is asked: the resolver finds it, and asks for it by `need`. */
export const BY_ARGUMENTS = Symbol('by arguments');
/** Stands for rights of entries of a list, which are nullable: the resolver puts what `refusal` gives in place of one. */
export const BY_ENTRY = Symbol('by entry');
type Guard = string | typeof BY_ARGUMENTS | typeof BY_ENTRY;

/**
 * Declares the right that a field needs beyond those of the object around it. Whoever lacks it gets null and the error
 * `FORBIDDEN` for this field, and all the rest of the answer: a guarded field is nullable, or the schema is not built.
 * `needs`: what the resolver may ask for, where that depends on what is asked.
 */
export const Guarded = (guard: Guard, needs?: readonly Need[]): ReturnType<typeof Extensions> =>
  Extensions({ guard, needs: needs ?? (typeof guard === 'string' ? [{ anyOf: [guard] }] : []) });

/** Declares that a field needs nothing beyond what the object around it does; a query: that every active user may ask. */
export const Open = (): ReturnType<typeof Extensions> => Extensions({ needs: [{ anyOf: [] }] });

/** Fields that declare a right, as `Type.field`, with the right. */
export const guardedFields = (schema: GraphQLSchema): ReadonlyMap<string, Guard> =>
  new Map(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) =>
        Object.values(type.getFields()).flatMap(({ name, extensions }) => {
          const guard = extensions['guard'] as Guard | undefined;
          return guard === undefined ? [] : [[`${type.name}.${name}`, guard] as const];
        }),
      ),
  );

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/**
 * Makes a schema ask for the rights that its fields declare.
 * @throws Error for a guarded field that is not nullable
 */
export function guard(schema: GraphQLSchema): void {
  for (const [at, right] of guardedFields(schema)) {
    const [typeName = '', name = ''] = at.split('.');
    const field = (schema.getType(typeName) as GraphQLObjectType).getFields()[name]!;
    if (!isRefusable(field.type, right))
      throw new Error(`${at} needs a right and is not nullable: a refusal would take its siblings along.`);
    if (typeof right === 'string')
      field.resolve = needing(right, (field.resolve ?? defaultFieldResolver) as Resolver);
  }
  // Every mutation needs rights, which commands decide; one that was accepted is told beside one that was not.
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    field.type = getNullableType(field.type);
}

function isRefusable(type: GraphQLOutputType, right: Guard): boolean {
  if (right !== BY_ENTRY) return isNullableType(type);
  const list = getNullableType(type);
  return isListType(list) && isNullableType(list.ofType);
}

const needing =
  (right: string, resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    if (context.caller.may(right)) return resolve(source, args, context, info);
    // A field of many objects would fill the answer with one error for each of them.
    const told = TOLD.get(context) ?? new Set();
    const first = info.fieldNodes.some((node) => !told.has(node));
    TOLD.set(context, new Set([...told, ...info.fieldNodes]));
    return first ? refusal(context.caller, [right], info) : null;
  };

/** Fields of each request’s document that were refused: each is told once, with the path of the first object. */
const TOLD = new WeakMap<RequestContext, ReadonlySet<FieldNode>>();

/** @throws RequestError `FORBIDDEN` for a caller without any of the rights */
export function need(caller: Caller, anyOf: readonly string[], field: GraphQLResolveInfo): void {
  const refused = refusal(caller, anyOf, field);
  if (refused) throw refused;
}

/**
 * The error that a caller without any of the rights gets in place of a field, or of one entry of its list; null for one
 * who has one.
 * @throws Error for a field that does not declare that it needs them
 */
export function refusal(
  caller: Caller,
  anyOf: readonly string[],
  { parentType, fieldName }: GraphQLResolveInfo,
): RequestError | null {
  const field = parentType.getFields()[fieldName];
  const declared = (field && needsOf(field)) ?? [];
  if (!declared.some((each) => isSameSet(each.anyOf, anyOf)))
    throw new Error(
      `${parentType.name}.${fieldName} asks for ${anyOf.join(' or ')} and does not declare it.`,
    );
  if (anyOf.some((right) => caller.may(right))) return null;
  caller.refused.add(`${parentType.name}.${fieldName}`);
  return requestError('FORBIDDEN', `This needs the permission ${anyOf.join(' or ')}.`);
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));
