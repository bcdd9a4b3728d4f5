import { accountEvents } from '../../src/domain/account/events';
import { catalogueEvents } from '../../src/domain/catalogue/events';
import { roleEvents } from '../../src/domain/role/events';
import { userEvents } from '../../src/domain/user/events';

/** Types of events that history shows, under the very names that the log has: those that changed something. */
const { UserUnbarred: _, ...role } = roleEvents;
const { CataloguePublished } = catalogueEvents;
export const HISTORY_EVENTS = { ...role, ...userEvents, ...accountEvents, CataloguePublished } as const;

/** Stands for every other type, which history shows of void events alone. */
export const OTHER_TYPE = 'Other' as const;

export const historyType = (type: string): string =>
  Object.hasOwn(HISTORY_EVENTS, type) ? type : OTHER_TYPE;
