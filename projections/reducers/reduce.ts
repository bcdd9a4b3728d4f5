import { accountEvents, type AccountEvent } from '../../src/domain/account/events';
import { catalogueEvents, type CatalogueEvent } from '../../src/domain/catalogue/events';
import { roleEvents, type RoleEvent } from '../../src/domain/role/events';
import { userEvents } from '../../src/domain/user/events';
import type { ReadUserEvent } from '../../src/domain/user/events';
import type { AccountNumber } from '../numbers';
import { EVERY_ACCOUNT } from '../tables/schema';
import type { TableWriter } from '../tables/table-writer';
import { reduceAccount } from './account';
import { reduceCatalogue } from './catalogue';
import type { CheckedEvent } from './checked-event';
import { addHistory } from './history';
import { reduceRole } from './role';
import { reduceUser } from './user';

/** Forwards an event to the read models that it concerns. Claims and fences concern none, but have their ordinals. */
export function reduce(writing: TableWriter, logged: CheckedEvent): void {
  const { event, stream, ordinal } = logged;
  if (stream.category !== 'claim' && event.type !== 'ClaimAbandoned') {
    const account = stream.account === null ? EVERY_ACCOUNT : writing.account(stream.account);
    dispatch(writing, logged, account);
    addHistory(writing, logged, account);
  }
  if (logged.complete) writing.counts.write(ordinal);
}

function dispatch(writing: TableWriter, logged: CheckedEvent, account: AccountNumber): void {
  const { event, stream } = logged;
  if (Object.hasOwn(CATEGORIES[stream.category], event.type)) {
    switch (stream.category) {
      case 'catalogue':
        return reduceCatalogue(writing, logged, event as CatalogueEvent);
      case 'account':
        return reduceAccount(writing, logged, account, event as AccountEvent);
      case 'user':
        return reduceUser(writing, logged, account, event as ReadUserEvent);
      case 'role':
        return reduceRole(writing, logged, account, event as RoleEvent);
      case 'claim':
      case 'repair':
      case 'heartbeat':
        // Their events are none of the read models': the list below is empty.
        break;
    }
  }
  throw logged.poison(`it does not belong on a stream of the category ${stream.category}`);
}

const CATEGORIES = {
  catalogue: catalogueEvents,
  account: accountEvents,
  user: userEvents,
  role: roleEvents,
  claim: {},
  repair: {},
  heartbeat: {},
} as const;
