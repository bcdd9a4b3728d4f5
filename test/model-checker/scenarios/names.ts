import type { Scenario } from '../exploration';
import { ask } from '../../commands/harness';
import { A, B, create, rename, remove, register, call, wantsName, wantsUsername } from './wishes';

/** Races for names of roles and for usernames. */

/** One name, and two claims for the first. */
const [APART, JOINED] = ['می\u200cخواهم', 'میخواهم'];

export const NAMES: readonly Scenario[] = [
  {
    name: 'two roles are created under one name',
    replicas: [[create('Agents')], [create('agents ')]],
    then: wantsName('Agents'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 208,
  },
  {
    name: 'a role is created under the name that another is renamed to',
    given: [create('Sales', 'a')],
    replicas: [[create('Agents')], [rename(A, 'Agents')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 317,
  },
  {
    name: 'two roles are created under names that only a joiner tells apart',
    replicas: [[create(APART)], [create(JOINED)]],
    then: wantsName(JOINED),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 703,
  },
  {
    name: 'a role is renamed to its name without the joiner while another is created under the former',
    given: [create(APART, 'a')],
    replicas: [[rename(A, JOINED)], [create(APART)]],
    then: wantsName(APART),
    seen: ['ok | NAME_TAKEN'],
    least: 72,
  },
  {
    name: 'a role is renamed away while another is created under its old name',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents')], [create('Sales')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | NAME_TAKEN', 'ok | ok'],
    least: 36,
  },
  {
    name: 'a role is renamed away and back while another is created under the name',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents'), rename(A, 'Sales')], [create('Sales')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok, NAME_TAKEN | ok', 'ok, ok | NAME_TAKEN'],
    least: 473,
  },
  {
    name: 'a role is renamed away on one replica, and back on the other',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents')], [rename(A, 'Sales')]],
    then: wantsName('Sales', 'Agents'),
    seen: ['ok | ok'],
    least: 30,
  },
  {
    name: 'two roles are renamed to one name',
    given: [create('Sales', 'a'), create('Support', 'b')],
    replicas: [[rename(A, 'Agents')], [rename(B, 'Agents')]],
    then: wantsName('Agents', 'Sales', 'Support'),
    seen: ['ok | NAME_TAKEN', 'NAME_TAKEN | ok'],
    least: 447,
  },
  {
    name: 'two roles swap their names',
    given: [create('Sales', 'a'), create('Support', 'b')],
    replicas: [[rename(A, 'Support')], [rename(B, 'Sales')]],
    then: wantsName('Sales', 'Support'),
    seen: ['NAME_TAKEN | NAME_TAKEN'],
    least: 12,
  },
  {
    name: 'one role is renamed twice at once',
    given: [create('Sales', 'a')],
    replicas: [[rename(A, 'Agents')], [rename(A, 'Support')]],
    then: wantsName('Agents', 'Sales', 'Support'),
    seen: ['ok | ok'],
    least: 91,
  },
  {
    name: 'a role is deleted while another is created under its name',
    given: [create('Sales', 'a')],
    replicas: [[remove(A)], [create('Sales')]],
    then: wantsName('Sales'),
    seen: ['ok | NAME_TAKEN', 'ok | ok'],
    least: 29,
  },
  {
    name: 'a role is deleted while it is renamed',
    given: [create('Sales', 'a')],
    replicas: [[remove(A)], [rename(A, 'Agents')]],
    then: wantsName('Agents', 'Sales'),
    seen: ['ok | NOT_FOUND', 'ok | ok'],
    least: 49,
  },
  {
    name: 'two copies of a role are made at once',
    given: [create('Sales', 'a')],
    replicas: [[ask({ type: 'duplicateRole', role: A })], [ask({ type: 'duplicateRole', role: A })]],
    then: wantsName('Copy of Sales', 'Copy of Sales (2)', 'Copy of Sales (3)'),
    seen: ['ok | ok'],
    least: 289,
  },
];

export const USERNAMES: readonly Scenario[] = [
  {
    name: 'two users register under one username',
    replicas: [[register('eve')], [register('EVE')]],
    then: wantsUsername('eve'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 208,
  },
  {
    name: 'a user registers under the username that another takes',
    replicas: [[register('eve')], [call('cat', 'eve')]],
    then: wantsUsername('eve', 'cat'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 264,
  },
  {
    name: 'a user gives up a username while another registers under it',
    replicas: [[call('cat', 'eve'), call('cat', 'cat')], [register('cat')]],
    then: wantsUsername('eve', 'cat'),
    seen: ['ok, USERNAME_TAKEN | ok', 'ok, ok | USERNAME_TAKEN'],
    least: 464,
  },
  {
    name: 'two users take one username',
    replicas: [[call('cat', 'eve')], [call('dan', 'eve')]],
    then: wantsUsername('eve', 'cat', 'dan'),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 299,
  },
];
