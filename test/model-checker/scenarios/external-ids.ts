import type { Book } from '../book';
import type { Scenario } from '../exploration';
import {
  callAndKnow,
  erase,
  keyed,
  know,
  registerKnown,
  releaseName,
  wantsExternalId,
  wantsUsername,
} from './wishes';

/** Races for external ids, alone and beside usernames: one command takes claims of both kinds, always in one order. */

const wantsBoth = (usernames: readonly string[], externalIds: readonly string[]) => (book: Book) => [
  ...wantsUsername(...usernames)(book),
  ...wantsExternalId(...externalIds)(book),
];

export const EXTERNAL_IDS: readonly Scenario[] = [
  {
    name: 'two users want one external id',
    replicas: [[know('cat', 'E1')], [know('dan', 'E1')]],
    then: wantsExternalId('E1'),
    seen: ['ok | EXTERNAL_ID_TAKEN', 'EXTERNAL_ID_TAKEN | ok'],
    least: 157,
  },
  {
    name: 'a user gives up an external id while another takes it',
    given: [know('cat', 'E1')],
    replicas: [[know('cat', null)], [know('dan', 'E1')]],
    then: wantsExternalId('E1'),
    seen: ['ok | EXTERNAL_ID_TAKEN', 'ok | ok'],
    least: 32,
  },
  {
    name: 'a user changes an external id and back while another takes it',
    given: [know('cat', 'E1')],
    replicas: [[know('cat', 'E2'), know('cat', 'E1')], [know('dan', 'E1')]],
    then: wantsExternalId('E1', 'E2'),
    seen: ['ok, EXTERNAL_ID_TAKEN | ok', 'ok, ok | EXTERNAL_ID_TAKEN'],
    least: 466,
  },
  {
    name: 'two users take usernames of their own and one external id',
    given: [know('cat', 'E0')],
    replicas: [[callAndKnow('cat', 'eve', 'E1')], [callAndKnow('dan', 'ivy', 'E1')]],
    then: wantsBoth(['eve', 'ivy', 'cat', 'dan'], ['E0', 'E1']),
    seen: ['ok | EXTERNAL_ID_TAKEN', 'EXTERNAL_ID_TAKEN | ok'],
    least: 644,
  },
  {
    name: 'two users take one username and external ids of their own',
    replicas: [[callAndKnow('cat', 'eve', 'E1')], [callAndKnow('dan', 'eve', 'E2')]],
    then: wantsBoth(['eve'], ['E1', 'E2']),
    seen: ['ok | USERNAME_TAKEN', 'USERNAME_TAKEN | ok'],
    least: 618,
  },
  {
    name: 'one key, a user is registered with an external id on two replicas',
    replicas: [[keyed(registerKnown('eve', 'E1'), 'k')], [keyed(registerKnown('eve', 'E1'), 'k')]],
    then: wantsBoth(['eve'], ['E1']),
    seen: ['ok | ok'],
    least: 68,
  },
  {
    name: 'a user is erased while another takes the external id',
    given: [know('cat', 'E1')],
    replicas: [[erase('cat')], [know('dan', 'E1')]],
    then: wantsExternalId('E1'),
    seen: ['ok | EXTERNAL_ID_SUPPRESSED', 'ok | EXTERNAL_ID_TAKEN'],
    least: 21,
  },
  {
    name: 'two users want an external id that is being released',
    given: [know('cat', 'E1'), erase('cat')],
    replicas: [[releaseName('cat'), know('dan', 'E1')], [know('bob', 'E1')]],
    then: wantsExternalId('E1'),
    seen: ['ok, EXTERNAL_ID_TAKEN | ok', 'ok, ok | EXTERNAL_ID_SUPPRESSED', 'ok, ok | EXTERNAL_ID_TAKEN'],
    least: 279,
  },
];
