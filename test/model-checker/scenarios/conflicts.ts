import type { Scenario } from '../exploration';
import { assign, unassign, joins } from './wishes';

/** Races into two roles that the catalogue declares in conflict. */

export const CONFLICTS: readonly Scenario[] = [
  {
    name: 'one user is assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: 230,
  },
  {
    name: 'two users are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat', 'dan')], [assign('checker', 'dan', 'ann')]],
    then: joins('dan'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: 231,
  },
  {
    name: 'users apart are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'dan')]],
    then: joins('cat'),
    seen: ['ok | ok'],
    least: 51,
  },
  {
    name: 'a user leaves one of two conflicting roles while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ROLE_CONFLICT', 'ok | ok'],
    least: 13,
  },
  {
    name: 'a conflict was declared after a user joined one of its roles',
    given: [assign('maker', 'cat')],
    undeclared: true,
    replicas: [[assign('checker', 'cat')], [unassign('maker', 'cat'), assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ok, ok', 'ROLE_CONFLICT | ok, ok'],
    least: 10,
  },
  {
    name: 'a user leaves and joins again while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat'), assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok, ok | ROLE_CONFLICT', 'ok, ROLE_CONFLICT | ok'],
    least: 285,
  },
  {
    name: 'a user joins and leaves while joining the other',
    replicas: [[assign('maker', 'cat'), unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ROLE_CONFLICT, ok | ok', 'ok, ok | ROLE_CONFLICT', 'ok, ok | ok'],
    least: 321,
  },
];
