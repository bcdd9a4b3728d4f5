import type { StreamName } from '../../src/event-store/port/streams';
import type { AccountNumber } from '../numbers';
import { EVERY_ACCOUNT, LOG_ITSELF } from '../tables/schema';
import type { TableWriter } from '../tables/table-writer';

/**
 * The account whose feed has the events of a stream. Those of the catalogue are in every feed. A stream that is none of
 * Rolebook's, and that of repairs, are nobody's: an operator alone is shown what is there.
 */
export function feedOf(writing: TableWriter, stream: StreamName | null): AccountNumber {
  if (stream?.category === 'catalogue') return EVERY_ACCOUNT;
  return stream?.account ? writing.account(stream.account) : LOG_ITSELF;
}
