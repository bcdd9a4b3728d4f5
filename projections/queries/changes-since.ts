import type { Ordinal, UserNumber } from '../numbers';
import type { HistoryTableRow } from '../tables/rows';
import type { Asking, AsOfContext } from './as-of-context';

/**
 * Events of an account after the moment of a view. What has an index of its present state only is read as of another
 * moment by way of these: of a view of now there are as many as were projected since its request began.
 */

const STEP = 1_000;
/** Entries of an index that cost as much as a row, if they are passed over. */
const PASSED_A_ROW = 10;

/** True if so few events came since that the lists of now tell those of then. */
export const isRecent = ({ reading, question }: Asking, most = reading.mostChanges): Promise<boolean> =>
  question.step(
    () => !hasMoreEvents(reading, most),
    (recent) => (recent ? 1 : Math.ceil(most / PASSED_A_ROW)),
  );

const hasMoreEvents = ({ sql, account, at }: AsOfContext, events: number): boolean =>
  sql.get(
    `SELECT 1 FROM history INDEXED BY history_by_account WHERE account = ? AND n > ? ORDER BY n LIMIT 1 OFFSET ?`,
    account,
    at,
    events,
  ) !== undefined;

/** Users whom the events since are about. Read once all else was: of what came meanwhile none is missed. */
export async function usersChangedSince({ reading, question }: Asking): Promise<readonly UserNumber[]> {
  const { sql, account } = reading;
  const users = new Set<UserNumber>();
  for (let from: Ordinal = reading.at, rows = STEP; rows === STEP;) {
    const behind = from;
    const events: Pick<HistoryTableRow, 'n' | 'user'>[] = await question.step(
      () =>
        sql.all<Pick<HistoryTableRow, 'n' | 'user'>>(
          'SELECT n, user FROM history INDEXED BY history_by_account WHERE account = ? AND n > ? ORDER BY n LIMIT ?',
          account,
          behind,
          STEP,
        ),
      ({ length }) => length,
    );
    for (const { user } of events) if (user !== null) users.add(user);
    rows = events.length;
    from = events.at(-1)?.n ?? from;
  }
  return [...users];
}
