import { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { EventStoreError } from '../port/event-store';

/**
 * Metadata and options of a call, as the client makes them: credentials, name of the connection, and the request for a
 * leader.
 */
export type CallArguments = Required<Parameters<StreamsClient['batchAppend']>>;

/** Constructor of a stub for one of the server's services. */
type Service<Stub> = new (...args: never[]) => Stub;

/**
 * Internals of the client (its types say `protected`) that this code depends on, at exactly version 6.2.1. They find
 * the node, hold the channel, add credentials and follow a leader that moves. This code makes the calls itself, because
 * the client's own leave appends pending for ever, end the appends of other clients with their own, cannot filter a
 * read, swallow the end of a cancelled one, and do not cover users.
 */
export interface ClientInternals {
  GRPCStreamCreator<T>(
    service: Service<StreamsClient>,
    name: string,
    create: (streams: StreamsClient) => T,
  ): () => Promise<T>;
  execute<Stub, T>(service: Service<Stub>, name: string, action: (stub: Stub) => Promise<T>): Promise<T>;
  callArguments(
    base: { requiresLeader?: boolean; credentials?: Credentials },
    options: { deadline: number },
  ): CallArguments;
  getChannel(): Promise<{ close(): void }>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const internals = (client: EventStoreDBClient): ClientInternals =>
  client as unknown as ClientInternals;

/**
 * Nothing is sent yet.
 * @throws EventStoreError for a connection string that the client does not understand, without repeating it
 */
export function newClient(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    // A message about the text itself may hold a password; one about an unreadable certificate does not.
    const ofText = typeof error !== 'object' || error === null || 'connectionString' in error;
    const why = ofText || !(error instanceof Error) ? 'encode what is special in it' : error.message;
    throw new EventStoreError('INVALID_ARGUMENT', `EVENTSTOREDB_URL is not understood: ${why}`);
  }
}
