import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import type { AnyData, RequestOptions, TestServer } from '../http/harness';

/** A client of AuthZEN over HTTP, and the account that the public certification asks about. */

export interface AuthzenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnyData;
}

/** Sends a body, a text as it is. The caller is the service user of the account unless another is named. */
export type Post = (path: string, body: unknown, options?: RequestOptions) => Promise<AuthzenAnswer>;

/** The service user that asks, with `access/check` and `users/view` alone. */
export const SERVICE = 'pep';
export const RECORD = 'record-1';

export const authzenClient =
  (server: TestServer, ofAccount: string): Post =>
  async (at, body, { as = SERVICE, account = ofAccount, headers } = {}) => {
    const response = await fetch(`${server.url}/access/v1/${at}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(as === null ? {} : { authorization: `Bearer ${await server.token(as, account)}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    return { status: response.status, headers: response.headers, body: (await response.json()) as AnyData };
  };

/** Makes the account `record-1`: alice reads and writes in it, bob reads; the catalogue has `read` and `write` too. */
export async function openRecord(server: TestServer): Promise<void> {
  const shipped = JSON.parse(
    readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
  ) as CatalogueFile;
  const { key: section } = shipped.sections[0]!;
  const added = ['read', 'write'].map((key) => ({
    ...shipped.permissions[0]!,
    key,
    section,
    description: `May ${key}.`,
    privileged: false,
    scopes: [],
  }));
  const file = {
    ...shipped,
    version: shipped.version + 1,
    permissions: [...shipped.permissions, ...added],
  } as CatalogueFile;
  const metadata = operatorMetadata({ actorId: 'test', requestId: 'test' });
  const { position } = await publishCatalogue({ store: server.store, file, metadata });
  await server.readModels.waitFor(position!, 5_000);
  const inRecord = { account: RECORD };
  const features = shipped.features.map(({ key }) => key);
  await server.run({ type: 'openAccount', name: 'Record 1', features }, inRecord);
  for (const user of ['root', 'alice', 'bob', 'carol', SERVICE])
    await server.run({ type: 'registerUser', user, username: `${user}@example.com` }, inRecord);
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['root'] }, inRecord);
  await custom(server, 'Editors', ['read', 'write'], ['alice']);
  await custom(server, 'Readers', ['read'], ['bob']);
  await custom(server, 'Decision points', ['access/check', 'users/view'], [SERVICE]);
}

/** Creates a custom role of the account. */
export const custom = (
  server: TestServer,
  name: string,
  permissions: readonly string[],
  userIds: readonly string[],
): Promise<unknown> =>
  server.run(
    { type: 'createRole', name, grants: permissions.map((permission) => ({ permission })), userIds },
    { account: RECORD, idempotencyKey: name },
  );
