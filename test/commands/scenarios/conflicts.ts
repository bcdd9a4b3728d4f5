import type { Scenario } from '../exploration';
import { assign, unassign, joins } from './wishes';

/** Races into two roles that the catalogue declares in conflict. */

export const CONFLICTS: readonly Scenario[] = [
  {
    name: 'one user is assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: { races: 42, deaths: 9 },
  },
  {
    name: 'two users are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat', 'dan')], [assign('checker', 'dan', 'ann')]],
    then: joins('dan'),
    seen: ['ok | ROLE_CONFLICT', 'ROLE_CONFLICT | ok'],
    least: { races: 42, deaths: 9 },
  },
  {
    name: 'users apart are assigned to two conflicting roles',
    replicas: [[assign('maker', 'cat')], [assign('checker', 'dan')]],
    then: joins('cat'),
    seen: ['ok | ok'],
    least: { races: 5, deaths: 9 },
  },
  {
    name: 'a user leaves one of two conflicting roles while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok | ok', 'ok | ROLE_CONFLICT'],
    least: { races: 1, deaths: 1 },
  },
  {
    name: 'a user leaves and joins again while joining the other',
    given: [assign('maker', 'cat')],
    replicas: [[unassign('maker', 'cat'), assign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok, ok | ROLE_CONFLICT', 'ok, ROLE_CONFLICT | ok'],
    least: { races: 82, deaths: 12 },
  },
  {
    name: 'a user joins and leaves while joining the other',
    replicas: [[assign('maker', 'cat'), unassign('maker', 'cat')], [assign('checker', 'cat')]],
    then: joins('cat'),
    seen: ['ok, ok | ROLE_CONFLICT', 'ROLE_CONFLICT, ok | ok', 'ok, ok | ok'],
    least: { races: 63, deaths: 16 },
  },
];
