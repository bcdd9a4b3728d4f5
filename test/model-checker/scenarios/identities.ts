import type { Book } from '../book';
import type { Scenario } from '../exploration';
import {
  erase,
  keyed,
  link,
  registerLinked,
  releaseName,
  unlink,
  wantsSubject,
  wantsUsername,
} from './wishes';

/** Races for identities: of several that a user may have, each has a claim of its own. */

const wantsBoth = (usernames: readonly string[], subjects: readonly string[]) => (book: Book) => [
  ...wantsUsername(...usernames)(book),
  ...wantsSubject(...subjects)(book),
];

export const IDENTITIES: readonly Scenario[] = [
  {
    name: 'one identity is linked to two users',
    replicas: [[link('cat', 's1')], [link('dan', 's1')]],
    then: wantsSubject('s1'),
    seen: ['ok | IDENTITY_TAKEN', 'IDENTITY_TAKEN | ok'],
    least: 1,
  },
  {
    name: 'two identities are linked to a user who has a third',
    given: [link('cat', 's0')],
    replicas: [[link('cat', 's1')], [link('cat', 's2')]],
    then: wantsSubject('s0', 's1', 's2'),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'an identity is unlinked while another user gets it',
    given: [link('cat', 's1')],
    replicas: [[unlink('cat', 's1')], [link('dan', 's1')]],
    then: wantsSubject('s1'),
    seen: ['ok | IDENTITY_TAKEN', 'ok | ok'],
    least: 1,
  },
  {
    name: 'an identity is unlinked and linked again while another user gets it',
    given: [link('cat', 's1'), link('cat', 's2')],
    replicas: [[unlink('cat', 's1'), link('cat', 's1')], [link('dan', 's1')]],
    then: wantsSubject('s1', 's2'),
    seen: ['ok, IDENTITY_TAKEN | ok', 'ok, ok | IDENTITY_TAKEN'],
    least: 1,
  },
  {
    name: 'one key, a user is registered with an identity on two replicas',
    replicas: [[keyed(registerLinked('eve', 's1'), 'k')], [keyed(registerLinked('eve', 's1'), 'k')]],
    then: wantsBoth(['eve'], ['s1']),
    seen: ['ok | ok'],
    least: 1,
  },
  {
    name: 'a user is erased while another gets the identity',
    given: [link('cat', 's1')],
    replicas: [[erase('cat')], [link('dan', 's1')]],
    then: wantsSubject('s1'),
    seen: ['ok | IDENTITY_SUPPRESSED', 'ok | IDENTITY_TAKEN'],
    least: 1,
  },
  {
    name: 'two users want an identity that is being released',
    given: [link('cat', 's1'), erase('cat')],
    replicas: [[releaseName('cat'), link('dan', 's1')], [link('bob', 's1')]],
    then: wantsSubject('s1'),
    seen: ['ok, IDENTITY_TAKEN | ok', 'ok, ok | IDENTITY_SUPPRESSED', 'ok, ok | IDENTITY_TAKEN'],
    least: 1,
  },
];
