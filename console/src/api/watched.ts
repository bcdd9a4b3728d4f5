import { makeOperation, mapExchange, type Client, type Operation, type OperationResult } from '@urql/core';
import { faultOf, mayPass } from './fault';
import { unattendedOptions } from './request-headers';

/** Answer of a query without the operation, which would hold the answer before it, and that one the one before. */
type Answer = Omit<OperationResult, 'operation'>;

interface Watched {
  readonly operation: Operation;
  /** Position that the answer shows. */
  readonly shown: string | null;
  readonly answer: Answer;
}

/** Queries that were answered, by their keys, since they were last read anew. */
const watched = new Map<number, Watched>();

/** Position to which queries were last brought. */
let reached: string | null = null;

interface Context {
  /** Answer that stays where reading anew is not to be had now. */
  readonly kept?: Answer;
}

/** Watches which position each answer shows. A refresh that fails for a while leaves the answer that there was. */
export const watchExchange = mapExchange({
  onResult(result) {
    const { operation } = result;
    if (operation.kind !== 'query') return;
    const { kept } = operation.context as Context;
    const stays = kept && result.error && mayPass(faultOf(result.error));
    const answer = stays ? { ...kept, operation } : result;
    // An answer without a position was refused as a whole: it is tried again once the position has moved, and not before.
    const shown = positionOf(answer) ?? (stays ? null : reached);
    watched.set(operation.key, { operation, shown, answer: bare(answer) });
    return answer;
  },
});

const bare = ({ data, error, extensions, hasNext }: OperationResult): Answer => ({
  data,
  error,
  extensions,
  hasNext,
  stale: false,
});

function positionOf({ extensions }: Answer): string | null {
  const position: unknown = extensions?.position;
  return typeof position === 'string' ? position : null;
}

/** Reads anew, on behalf of nobody, each query on the screen whose answer shows another position than this one. */
export function refreshTo(client: Client, position: string): void {
  reached = position;
  for (const [key, { operation, shown, answer }] of watched) {
    if (shown === position) continue;
    // The client passes over what no screen shows any more; the others come back by their answers.
    watched.delete(key);
    const context = { ...operation.context, requestPolicy: 'network-only', fetchOptions: unattendedOptions };
    client.reexecuteOperation(
      makeOperation('query', operation, {
        ...context,
        kept: answer.data ? answer : undefined,
      } as typeof operation.context),
    );
  }
}
