import type { Command } from '../../commands/command';
import { idOf } from './people';

/** Step of the demo account's history after everyone was assigned: a history worth reading, day by day. */
export interface Step {
  /** Day of the story, from 0. */
  readonly day: number;
  /** Username of the user who does it. */
  readonly by: string;
  readonly reason?: string;
  /** Name under which later steps refer to the role that this one creates. */
  readonly creates?: string;
  /** The command; `role` gives the id of a role that an earlier step created. */
  readonly command: (role: (name: string) => string) => Command;
}

const users = (...usernames: string[]): string[] => usernames.map(idOf);
const grants = (...permissions: string[]) => permissions.map((permission) => ({ permission }));

export const story: readonly Step[] = [
  {
    day: 3,
    by: 'admin',
    creates: 'lead',
    reason: 'HR-101: regional team',
    command: () => ({
      type: 'createRole',
      name: 'Campaign lead EMEA',
      description: 'Plans and launches campaigns for the region.',
      grants: grants(
        'campaigns/view',
        'campaigns/create',
        'campaigns/edit',
        'campaigns/audience',
        'campaigns/launch',
      ),
      userIds: users('ana.horvat', 'elena.petrova'),
    }),
  },
  {
    day: 4,
    by: 'admin',
    creates: 'auditor',
    command: () => ({
      type: 'createRole',
      name: 'Support quality auditor',
      description: 'Reads conversations to judge their quality; cannot answer.',
      grants: grants(
        'conversations/view-all',
        'conversation-analytics/view',
        'agents/view',
        'articles/view-published',
      ),
      userIds: users('victor.dubois'),
    }),
  },
  {
    day: 6,
    by: 'marta.kovac',
    creates: 'newsletter',
    command: () => ({
      type: 'createRole',
      name: 'Newsletter editor',
      grants: grants('email-templates/manage', 'templates/view', 'templates/create', 'templates/edit'),
      userIds: users('chloe.martin', 'ben.carter', 'noah.smith'),
    }),
  },
  {
    day: 8,
    by: 'admin',
    reason: 'Logs are needed for SMS only (SEC-44)',
    creates: 'analyst',
    command: () => ({
      type: 'createRole',
      name: 'Read-only analyst',
      description: 'Looks at reports and logs, changes nothing.',
      grants: [...grants('dashboards/view', 'reports/view', 'insights/view'), { permission: 'logs/view' }],
      userIds: users('li.wei', 'grace.okafor'),
    }),
  },
  {
    day: 9,
    by: 'marta.kovac',
    reason: 'Logs are needed for SMS only (SEC-44)',
    command: (role) => ({
      type: 'setPermissionScopes',
      role: role('analyst'),
      permission: 'logs/view',
      scopes: ['sms:logs:read', 'error-codes:read'],
    }),
  },
  {
    day: 10,
    by: 'admin',
    creates: 'promo',
    command: () => ({
      type: 'createRole',
      name: 'Summer promotion team',
      grants: grants('campaigns/view', 'forms/view', 'segments/view'),
      userIds: users('zoe.papadaki', 'noah.smith'),
    }),
  },
  {
    day: 12,
    by: 'admin',
    reason: 'The team now covers more than one region',
    command: (role) => ({
      type: 'updateRole',
      role: role('lead'),
      name: 'Regional campaign lead',
      assignUserIds: users('luka.novak'),
    }),
  },
  {
    day: 14,
    by: 'marta.kovac',
    creates: 'nordics',
    command: () => ({ type: 'duplicateRole', role: 'campaign-manager' }),
  },
  {
    day: 14,
    by: 'marta.kovac',
    command: (role) => ({
      type: 'updateRole',
      role: role('nordics'),
      name: 'Campaign manager, Nordics',
      description: 'As the default role, without the launch of flows.',
      assignUserIds: users('freya.olsen', 'lars.nilsen'),
    }),
  },
  {
    day: 15,
    by: 'marta.kovac',
    command: (role) => ({
      type: 'revokePermissions',
      role: role('nordics'),
      permissions: ['flows/launch', 'flows/stop'],
    }),
  },
  {
    day: 17,
    by: 'jonas.weber',
    creates: 'engineer',
    reason: 'IT-7 partner onboarding',
    command: () => ({
      type: 'createRole',
      name: 'Integration engineer',
      description: 'Connects our systems: webhooks, integrations, numbers.',
      grants: [
        ...grants(
          'integrations/view',
          'integrations/manage',
          'webhooks/manage',
          'numbers/view',
          'viber/manage',
        ),
        { permission: 'people/view', scopes: [] },
      ],
      userIds: users('ravi.sharma'),
    }),
  },
  {
    day: 18,
    by: 'jonas.weber',
    command: (role) => ({
      type: 'selectSection',
      role: role('engineer'),
      section: 'integrations',
      selected: true,
    }),
  },
  {
    day: 20,
    by: 'admin',
    reason: 'Moved to supervision',
    command: () => ({ type: 'unassignUsers', role: 'agent-for-conversations', userIds: users('ivan.maric') }),
  },
  {
    day: 20,
    by: 'admin',
    reason: 'Moved to supervision',
    command: () => ({
      type: 'assignUsers',
      role: 'supervisor-for-conversations',
      userIds: users('ivan.maric'),
    }),
  },
  {
    day: 22,
    by: 'admin',
    reason: 'The promotion is over',
    command: (role) => ({ type: 'deleteRole', role: role('promo') }),
  },
  { day: 23, by: 'admin', command: () => ({ type: 'disableFeature', feature: 'VIBER' }) },
  { day: 23, by: 'admin', command: () => ({ type: 'disableFeature', feature: 'AI_AGENTS' }) },
  {
    day: 24,
    by: 'marta.kovac',
    reason: 'HR-160: left the company',
    command: () => ({ type: 'deactivateUser', user: idOf('paulo.silva') }),
  },
  {
    day: 25,
    by: 'marta.kovac',
    command: () => ({ type: 'updateUser', user: idOf('julia.nowak'), name: 'Julia Nowak-Lis' }),
  },
  {
    day: 27,
    by: 'jonas.weber',
    reason: 'SEC-51: conversations may not leave the house',
    command: (role) => ({ type: 'revokePermissions', role: role('auditor'), permissions: ['agents/view'] }),
  },
  {
    day: 29,
    by: 'admin',
    command: (role) => ({
      type: 'updateRole',
      role: role('newsletter'),
      description: 'Writes and designs the monthly newsletter.',
      unassignUserIds: users('noah.smith'),
      assignUserIds: users('emre.yilmaz'),
    }),
  },
];
