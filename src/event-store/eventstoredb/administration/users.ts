import type { EventStoreDBClient } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import { CreateReq, DetailsReq, ResetPasswordReq } from '@eventstore/db-client/generated/users_pb';
import { internals, type CallArguments, type Credentials } from '../client';
import { failureOf } from '../errors';

/** Longest wait for one answer. */
const CALL_MS = 5_000;

/** The users of a server. The server has a gRPC service for them, which the official client does not wrap. */
export class Users {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly administrator: Credentials,
  ) {}

  exists(username: string): Promise<boolean> {
    return this.#sees(username, this.administrator).catch((error: unknown) => {
      if (failureOf(error).exception === 'user-not-found') return false;
      throw error;
    });
  }

  /** True if this is the user's password: users may see their own details. */
  knows(user: Credentials): Promise<boolean> {
    return this.#sees(user.username, user).catch((error: unknown) => {
      if ([7, 16].includes(failureOf(error).status ?? 0)) return false;
      throw error;
    });
  }

  create({ username, password }: Credentials, fullName: string): Promise<void> {
    const options = new CreateReq.Options();
    options.setLoginName(username).setPassword(password).setFullName(fullName);
    const request = new CreateReq().setOptions(options);
    return this.#call(this.administrator, (users, args, done) => users.create(request, ...args, done));
  }

  resetPassword({ username, password }: Credentials): Promise<void> {
    const options = new ResetPasswordReq.Options();
    options.setLoginName(username).setNewPassword(password);
    const request = new ResetPasswordReq().setOptions(options);
    return this.#call(this.administrator, (users, args, done) => users.resetPassword(request, ...args, done));
  }

  async #sees(username: string, as: Credentials): Promise<boolean> {
    const options = new DetailsReq.Options();
    options.setLoginName(username);
    const request = new DetailsReq().setOptions(options);
    await this.#call(as, (users, args, done) => {
      const call = users.details(request, ...args);
      call
        .on('data', () => undefined)
        .on('error', (error: Error) => done(error))
        .on('end', () => done(null));
    });
    return true;
  }

  #call(
    as: Credentials,
    action: (users: UsersClient, args: CallArguments, done: (error: Error | null) => void) => unknown,
  ): Promise<void> {
    const client = internals(this.client);
    return client.execute(UsersClient, 'users', (users) => {
      const deadline = Date.now() + CALL_MS;
      const args = client.callArguments({ requiresLeader: true, credentials: as }, { deadline });
      return new Promise<void>((resolve, reject) =>
        action(users, args, (error) => (error ? reject(error) : resolve())),
      );
    });
  }
}
