import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Config } from '../../config/config';
import { badInput } from '../../graphql/errors';
import { tellNodes } from '../../graphql/faults/document';
import { tellSyntax } from '../../graphql/faults/syntax';
import { estimate, type Cost } from '../../graphql/limits/cost';
import { checkVariables } from '../../graphql/limits/input';
import { checkLength, checkShape, checkTokens, MAX_TOKENS, PARSING } from '../../graphql/limits/shape';
import { demandAffordable } from '../../http/graphql/affordable';
import { tell } from '../../http/graphql/error-mask';

/** Request of a subscription, as it came. */
export interface Asked {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** A subscription that may run. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variableValues: Record<string, unknown>;
  /** Cost of one message. */
  readonly cost: Cost;
}

export type OperationLimits = Pick<
  Config,
  'introspection' | 'maxQueryBytes' | 'maxQueryCost' | 'maxQueryDepth'
>;

/** Errors of a document; each has been told. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';

  constructor(readonly errors: readonly GraphQLError[]) {
    super('The document is not sound.');
  }
}

/**
 * Checks a subscription as a request by POST is checked.
 * @throws DocumentError, RequestError
 */
export function checkOperation(asked: Asked, schema: GraphQLSchema, limits: OperationLimits): Operation {
  const { query, variables } = asked;
  const operationName = asked.operationName ?? undefined;
  checkLength(query, limits.maxQueryBytes);
  checkVariables(variables);
  if (checkTokens(query)) checkShape(query);
  const document = parsed(query);
  demandValid(document, query, schema, limits);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new DocumentError([coded('OPERATION_RESOLUTION_FAILURE')]);
  if (operation.operation !== 'subscription')
    throw badInput(
      'Queries and mutations are sent by POST to this address; a WebSocket is for subscriptions.',
    );
  const variableValues = valuesOf(schema, operation, variables ?? {});
  const cost = estimate(schema, document, operation, variableValues);
  demandAffordable(cost, limits);
  return { document, operationName, variableValues: { ...variables }, cost };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, PARSING);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    tell(error, tellSyntax(error));
    throw new DocumentError([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
  }
}

function demandValid(
  document: DocumentNode,
  query: string,
  schema: GraphQLSchema,
  { introspection }: OperationLimits,
): void {
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  if (validate(schema, document, rules).length === 0) return;
  // Locations are for messages: the document that is kept has none.
  const placed = parse(query, { maxTokens: MAX_TOKENS });
  const found = validate(schema, placed, rules);
  const nodes = found.map((error) => error.nodes ?? []);
  const words = introspection ? tellNodes(schema, placed, nodes) : [];
  found.forEach((error, index) => tell(error, words[index] ?? null));
  throw new DocumentError(found.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
}

function valuesOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { coerced } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
  if (!coerced) throw badInput('A variable does not fit its type.');
  return coerced;
}

/** The code by which errors of GraphQL itself are told apart. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code;
  return error;
}

const coded = (code: string): GraphQLError => new GraphQLError('', { extensions: { code } });
