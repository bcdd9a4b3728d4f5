import type { AnyVariables, Client, TypedDocumentNode } from '@urql/core';
import { faultOf, mayPass, type Fault } from '../../api/fault';

/** Pauses between tries in milliseconds; a server that restarts is back in the sum of them. */
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000];

const pause = (length: number): Promise<void> => new Promise((done) => setTimeout(done, length));

/** Outcome of a mutation: its data, or the fault that stayed. */
export type Sent<Data> =
  { readonly data: Data; readonly fault?: undefined } | { readonly data?: undefined; readonly fault: Fault };

/**
 * Sends a mutation, again and again where its answer was lost or the server asks for patience. The same input goes out each
 * time, with its idempotency key, so that it is carried out once and its one outcome comes back.
 */
export async function send<Data, Variables extends AnyVariables>(
  client: Client,
  mutation: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onWait: () => void,
): Promise<Sent<Data>> {
  for (let tries = 0; ; tries += 1) {
    const { data, error } = await client.mutation(mutation, variables).toPromise();
    if (!error && data) return { data };
    if (!error) throw new Error('An answer without data and without an error.');
    const fault = faultOf(error);
    const wait = PAUSES[tries];
    if (!mayPass(fault) || wait === undefined) return { fault };
    onWait();
    await pause(wait);
  }
}
