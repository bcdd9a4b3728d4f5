import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Command } from '../../src/commands/command';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { ACCOUNT, ADMIN, dataOf, startTestServer, type AnyData, type TestServer } from '../http/harness';
import { runs } from '../scale';
import { edited, edits, type Edits } from './random-catalogues';
import { wish, type Wish, type World } from './random-commands';

/**
 * Random changes of roles that are previewed, and then made with the basis of the preview, while others change roles,
 * users, features and the catalogue: before the mutation, or at the same time. It does exactly what was previewed, or is
 * stale and writes nothing; and it is never stale where nothing happened.
 */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;

/** Numbers of outcomes, so that each is known to have happened. */
export interface Outcomes {
  /** Done as it was previewed: with effect, without any, and refused as it was previewed. */
  done: number;
  nothing: number;
  refused: number;
  stale: number;
  /** Done although something else was changed in between, and done while something was changed at the same time. */
  doneBeside: number;
  doneTogether: number;
}

type Between = Wish | Edits | 'erase';
const between: fc.Arbitrary<Between> = fc.oneof(
  { arbitrary: wish, weight: 12 },
  { arbitrary: edits, weight: 1 },
  { arbitrary: fc.constant('erase' as const), weight: 1 },
);
const step = fc.record({
  change: wish,
  asOne: fc.boolean(),
  between: fc.array(between, { maxLength: 2 }),
  together: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const IDS = { User: (id: string) => `User:${id}`, Role: (id: string) => `Role:${id}` };
const ROLE_COMMANDS = new Set([
  'createRole',
  'updateRole',
  'duplicateRole',
  'deleteRole',
  'grantPermissions',
  'revokePermissions',
  'selectSection',
  'setPermissionScopes',
  'assignUsers',
  'unassignUsers',
]);

/** The mutation that a command is, and its input; null for one that changes no role. */
function mutationOf(command: Command, isOneOfMany: boolean): readonly [name: string, input: AnyData] | null {
  const { type, ...fields } = command as AnyData & { readonly type: string };
  if (!ROLE_COMMANDS.has(type)) return null;
  const named = Object.fromEntries(
    Object.entries(fields as AnyData).map(([field, value]) => [
      field,
      /userIds$/i.test(field) ? (value as string[]).map(IDS.User) : (value as unknown),
    ]),
  );
  const { role, ...input } = named as AnyData & { readonly role?: string };
  if (role === undefined) return [type, input];
  if (isOneOfMany && (type === 'assignUsers' || type === 'unassignUsers')) {
    const list = type === 'assignUsers' ? 'assignUserIds' : 'unassignUserIds';
    return ['updateRoleUsers', { roleId: IDS.Role(role), [list]: input.userIds as string[] }];
  }
  const idField = ['updateRole', 'duplicateRole', 'deleteRole'].includes(type) ? 'id' : 'roleId';
  return [type, { ...input, [idField]: IDS.Role(role) }];
}

const ROLE = `name description version userCount permissionCount scopeCount
  users(first: 200) { nodes { id } }
  sections { permissions { selected permission { key } scopes { name selected } } }`;
const ACCESS = `totalCount nodes { userId gained { permission { key } scopes } lost { permission { key } scopes } }`;
const DIFF = `name { base target } description { base target }
  permissions { key change gainedScopes lostScopes }
  gainedUsers(first: 200) { nodes { id } } lostUsers(first: 200) { nodes { id } }`;
const PREVIEW = `query ($change: RoleChangeInput!) { roleChangePreview(change: $change) { errors { code field message ids permissions }
  basis role { key ${ROLE} } diff { ${DIFF} } affectedUsers(first: 200) { ${ACCESS} } } }`;

export async function provePreviews(count: number, seed?: number): Promise<Outcomes> {
  const server = await startTestServer({ environment: { ROLEBOOK_MAX_QUERY_COST: '10000000' } });
  const proof = new Proof(server);
  try {
    await proof.begin();
    await fc.assert(
      fc.asyncProperty(step, (each) => proof.tryOne(each)),
      { ...runs(count, seed), endOnFailure: true },
    );
    return proof.outcomes;
  } finally {
    await server.close();
  }
}

class Proof {
  readonly outcomes: Outcomes = { done: 0, nothing: 0, refused: 0, stale: 0, doneBeside: 0, doneTogether: 0 };
  private version = file.version;
  private users = 0;
  private read: bigint | undefined;

  constructor(private readonly server: TestServer) {}

  async begin(): Promise<void> {
    for (let n = 0; n < 8; n += 1) await this.register();
    const bot = { user: 'bot', username: 'bot', kind: 'SERVICE' } as const;
    await this.server.run({ type: 'registerUser', ...bot });
    await this.written();
  }

  private async register(): Promise<void> {
    const user = `u${(this.users += 1)}`;
    await this.server.run({ type: 'registerUser', user, username: user });
  }

  async tryOne({ change, asOne, between: others, together }: Step): Promise<void> {
    const mutation = mutationOf(change(await this.world()), asOne);
    if (!mutation) return this.disturb(change).then(() => undefined);
    const [name, input] = mutation;
    await this.written();
    const key = { idempotencyKey: `try ${String(this.read)}` };
    const preview = dataOf(
      await this.server.graphql(PREVIEW, { change: { [name]: { ...input, ...key } } }),
    ).roleChangePreview as AnyData;
    // A preview writes nothing.
    expect(await this.written()).toBe(0);
    if (!together) for (const each of others) await this.disturb(each);
    const isMoved = !together && (await this.written()) > 0;
    const before = dataOf(await this.server.graphql('{ account { id } }')) && (await this.position());
    const wanted = { ...input, ...key, expectedBasis: preview.basis as string };
    const [answer] = await Promise.all([
      this.mutate(name, wanted),
      ...(together ? others.map((each) => this.disturb(each)) : []),
    ]);
    const isAlone = !together || others.length === 0;
    await this.judge({ name, preview, answer, before, isAlone, isMoved: isMoved || !isAlone });
  }

  private async judge({ name, preview, answer, before, isAlone, isMoved }: Tried): Promise<void> {
    const own = (await this.ownEvents()).filter(({ command }) => COMMANDS_OF(name).includes(command));
    const errors = [
      ...(answer.errors as AnyData[]),
      ...((answer.results ?? []) as AnyData[]).flatMap((each) => each.errors as AnyData[]),
    ];
    if (errors.some(({ code }) => code === 'PREVIEW_STALE')) {
      expect(isMoved).toBe(true);
      // Many memberships are many commands: some may have come before what made the others stale.
      if ((answer.errors as AnyData[]).length > 0) expect(own).toEqual([]);
      this.outcomes.stale += 1;
      return;
    }
    expect(errors).toEqual(preview.errors);
    if ((answer.errors as AnyData[]).length > 0) {
      expect(own).toEqual([]);
      this.outcomes.refused += 1;
      return;
    }
    const role = preview.role as AnyData | null;
    // A change that comes to nothing has the position of the last one before it, which others came after.
    const position = own.length > 0 ? (answer.position as string) : isAlone ? await this.position() : null;
    if (role && position !== null) await this.compareRole(role, { position, isAlone });
    if (isAlone) {
      const { accessDiff } = await this.ask(
        `query ($from: Position!, $to: Position!) { accessDiff(from: { position: $from }, to: { position: $to }) { users(first: 200) { ${ACCESS} } } }`,
        { from: before, to: await this.position() },
      );
      expect(accessDiff.users).toEqual(preview.affectedUsers);
      await this.compareDiff(preview, before);
    }
    if (own.length === 0) this.outcomes.nothing += 1;
    else this.outcomes.done += 1;
    if (own.length > 0 && isMoved) this.outcomes[isAlone ? 'doneBeside' : 'doneTogether'] += 1;
  }

  /** The role as of the end of its own append. */
  private async compareRole(
    { key, users, userCount, ...wanted }: AnyData,
    { position, isAlone }: { readonly position: string; readonly isAlone: boolean },
  ): Promise<void> {
    const { role } = await this.ask(
      `query ($id: ID!, $at: Position!) { role(id: $id, asOf: { position: $at }) { ${ROLE} } }`,
      { id: key, at: position },
    );
    const { users: members, userCount: count, ...found } = role as AnyData;
    expect(found).toEqual(wanted);
    // Who is erased at the same time leaves the role by no event of its own.
    if (isAlone) expect([idsOf(members), count]).toEqual([idsOf(users), userCount]);
  }

  private async compareDiff({ diff, role, basis }: AnyData, before: string): Promise<void> {
    const key = role?.key as string | undefined;
    if (key === undefined || !diff) return;
    const ask = `query ($id: ID!, $from: Position!, $to: Position!) {
      roleDiff(base: { role: $id, asOf: { position: $from } }, target: { role: $id, asOf: { position: $to } }) { ${DIFF} } }`;
    const { roleDiff } = await this.ask(ask, { id: key, from: before, to: await this.position() });
    expect(basis).toEqual(expect.any(String));
    expect(plain(roleDiff)).toEqual(plain(diff));
  }

  private async disturb(what: Between): Promise<void> {
    if (what === 'erase') {
      const { users } = await this.world();
      const user = users[(this.users * 7) % users.length]!;
      await this.run({ type: 'eraseUser', user });
      return this.register();
    }
    if (typeof what === 'function') return this.run(what(await this.world()));
    const next = edited(file, (this.version += 1), what);
    const metadata = operatorMetadata({ actorId: 'ops', requestId: 'test' });
    const { position } = await publishCatalogue({ store: this.server.store, file: next, metadata });
    await this.server.readModels.waitFor(position!, 10_000);
  }

  /** As an operator; refusals are welcome. */
  private async run(command: Command): Promise<void> {
    const context = { account: ACCOUNT, actor: { type: 'operator', id: 'test' }, requestId: 'test' } as const;
    await this.server.bus.execute(command, context);
  }

  private async mutate(name: string, input: AnyData): Promise<AnyData> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const results = name === 'updateRoleUsers' ? 'results { errors { code field message ids permissions } }' : '';
    const text = `mutation ($input: ${type}) { ${name}(input: $input) { ${results} position errors { code field message ids permissions } } }`;
    return (await this.ask(text, { input }))[name] as AnyData;
  }

  private async ask(query: string, variables: object): Promise<AnyData> {
    return dataOf(await this.server.graphql(query, variables));
  }

  private async position(): Promise<string> {
    const head = await this.server.store.head();
    await this.server.readModels.waitFor(head!.position, 10_000);
    const { extensions } = await this.server.graphql('{ me { id } }');
    return extensions!.position!;
  }

  private events: { readonly command: string; readonly isUsers: boolean }[] = [];

  /** Number of events of users and operators that were written since it was last asked. */
  private async written(): Promise<number> {
    const before = this.events.length;
    for await (const { position, metadata, stream } of this.server.store.readAll({ after: this.read })) {
      this.read = position;
      // Claims and fences are taken before a decision is made, and change nothing.
      if (!stream.includes('claim'))
        this.events.push({ command: String(metadata.command), isUsers: metadata.actorType === 'user' });
    }
    return this.events.length - before;
  }

  private async ownEvents(): Promise<readonly { readonly command: string }[]> {
    const before = this.events.length;
    await this.written();
    return this.events.slice(before).filter(({ isUsers }) => isUsers);
  }

  private async world(): Promise<World> {
    const view = this.server.readModels.view(ACCOUNT);
    const custom = (
      await view.roleList({ kind: 'CUSTOM', includeDeleted: true }, null, { last: 30 })
    ).items.map(({ item }) => item.id);
    const users = (await view.userList({}, null, { first: 60 })).items
      .map(({ item }) => item.id)
      .filter((id) => id !== ADMIN);
    const { permission } = view.catalogue();
    return {
      users,
      roles: [...custom, 'account-admin', 'agent-for-conversations', 'supervisor-for-conversations'],
      permissions: file.permissions.slice(40, 75).map(({ key }) => key),
      services: ['bot'],
      apiKeysOf: () => [],
      scopesOf: (key) => permission.get(key)?.scopes ?? [],
      identitiesOf: () => [],
      grantedBy: (role) =>
        custom.includes(role) ? (view.grants([role]).get(role) ?? []).map((grant) => grant.permission) : [],
    };
  }
}

interface Tried {
  readonly name: string;
  readonly preview: AnyData;
  readonly answer: AnyData;
  /** Position right before the mutation. */
  readonly before: string;
  /** True if nothing was done at the same time. */
  readonly isAlone: boolean;
  /** True if anything was written since the preview, or may have been. */
  readonly isMoved: boolean;
}

/** Commands that a mutation sends. */
const COMMANDS_OF = (name: string): readonly string[] =>
  name === 'updateRoleUsers' ? ['assignUsers', 'unassignUsers'] : [name];

/** Ids without moments. */
const idsOf = ({ nodes }: AnyData): string[] =>
  (nodes as AnyData[]).map(({ id }) => (id as string).replace(/@.*/, '')).sort();
const plain = ({ gainedUsers, lostUsers, ...rest }: AnyData): object => ({
  ...rest,
  gainedUsers: idsOf(gainedUsers),
  lostUsers: idsOf(lostUsers),
});
