import fc from 'fast-check';
import { CATALOGUE, type Log } from './log';

/** Random histories that could have happened: each step is taken only where the rules would let it. */

const USERS = ['ada', 'bob', 'eve', 'zoe'];
const ROLES = ['r1', 'r2'];
const DEFAULTS = CATALOGUE.defaultRoles.map(({ key }) => key);
const PERMISSIONS = CATALOGUE.permissions.map(({ key }) => key);
const FEATURES = ['BASE', 'FLOW'];

const pick = <T>(items: readonly T[]) => fc.constantFrom(...items);
const scopes = fc.subarray(CATALOGUE.scopes.map(({ name }) => name));

const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('user' as const),
      user: pick(USERS),
      name: pick(['Ann', 'Bö', 'Cy']),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('activity' as const), user: pick(USERS), ends: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('role' as const),
      role: pick(ROLES),
      name: pick(['X', 'Ý', 'z']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), role: pick(ROLES) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      role: pick(ROLES),
      permissions: fc.subarray(PERMISSIONS, { minLength: 1 }),
      scopes,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('member' as const),
      role: pick([...ROLES, ...DEFAULTS]),
      users: fc.subarray(USERS, { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('feature' as const), feature: pick(FEATURES) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      roles: fc.subarray(DEFAULTS),
      permissions: fc.subarray(PERMISSIONS, { minLength: 1 }),
    }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
export const steps = fc.array(step, { minLength: 1, maxLength: 40 });

/** Facts that the rules look at. */
export class Book {
  private readonly users = new Map<string, { name: string; active: boolean }>();
  private readonly roles = new Map<
    string,
    { name: string; deleted: boolean; grants: Map<string, string[]> }
  >();
  private readonly members = new Set<string>();
  private readonly features = new Set<string>();
  private version = 1;

  constructor(private readonly log: Log) {}

  async take(step: Step): Promise<void> {
    const { log } = this;
    switch (step.kind) {
      case 'user': {
        const user = this.users.get(step.user);
        if (!user) await log.register(step.user, step.name);
        else {
          const from = { username: step.user, name: user.name };
          await log.user(step.user, 'UserProfileChanged', { from, to: { ...from, name: step.name } });
        }
        this.users.set(step.user, { name: step.name, active: user?.active ?? true });
        return;
      }
      case 'activity': {
        const user = this.users.get(step.user);
        if (!user) return;
        // Bars ended memberships once, and leave them now: logs hold both.
        const member = step.ends && this.members.delete(`account-admin/${step.user}`);
        if (user.active) await log.role('account-admin', ['UserBarred', { user: step.user, member }]);
        else await log.role('account-admin', ['UserUnbarred', { user: step.user }]);
        await log.user(step.user, user.active ? 'UserDeactivated' : 'UserReactivated', {});
        user.active = !user.active;
        return;
      }
      case 'role': {
        const role = this.roles.get(step.role);
        if (role?.deleted) return;
        if (!role) await log.create(step.role, step.name);
        else await log.role(step.role, ['RoleRenamed', { from: role.name, to: step.name }]);
        this.roles.set(step.role, { grants: new Map(), deleted: false, ...role, name: step.name });
        return;
      }
      case 'delete': {
        const role = this.roles.get(step.role);
        if (!role || role.deleted) return;
        role.deleted = true;
        await log.role(step.role, ['RoleDeleted', { name: role.name }]);
        return;
      }
      case 'grant':
        return this.grant(step);
      case 'member': {
        const role = this.roles.get(step.role);
        const users = step.users.filter((user) => this.users.get(user)?.active);
        if ((ROLES.includes(step.role) && (!role || role.deleted)) || users.length === 0) return;
        const events = users.map((user) => {
          const key = `${step.role}/${user}`;
          const leaves = this.members.delete(key);
          if (!leaves) this.members.add(key);
          return [leaves ? 'UserUnassigned' : 'UserAssigned', { user }] as const;
        });
        await log.role(step.role, ...events);
        return;
      }
      case 'feature': {
        const enabled = !this.features.delete(step.feature);
        if (enabled) this.features.add(step.feature);
        await log.feature(step.feature, enabled);
        return;
      }
      case 'publish':
        return this.publish(step);
    }
  }

  private async grant({
    role: id,
    permissions,
    scopes: kept,
  }: Extract<Step, { kind: 'grant' }>): Promise<void> {
    const role = this.roles.get(id);
    if (!role || role.deleted) return;
    const events = permissions.map((permission) => {
      const from = role.grants.get(permission);
      role.grants.set(permission, kept);
      if (!from) return ['PermissionGranted', { permission, scopes: kept }] as const;
      if (from.join() !== kept.join())
        return ['PermissionScopesChanged', { permission, from, to: kept }] as const;
      role.grants.delete(permission);
      return ['PermissionRevoked', { permission, scopes: from }] as const;
    });
    await this.log.role(id, ...events);
  }

  private async publish({ roles, permissions }: Extract<Step, { kind: 'publish' }>): Promise<void> {
    this.version += 1;
    await this.log.publish({
      ...CATALOGUE,
      version: this.version,
      permissions: CATALOGUE.permissions.filter(({ key }) => permissions.includes(key)),
      defaultRoles: CATALOGUE.defaultRoles
        .filter(({ key }) => roles.includes(key))
        .map((role) => ({
          ...role,
          permissions: role.permissions.filter((key) => permissions.includes(key)),
        })),
    });
  }
}

export const KNOWN = { users: USERS, roles: [...ROLES, ...DEFAULTS], permissions: PERMISSIONS };
