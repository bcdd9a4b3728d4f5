import type { WordNumber } from '../numbers';
import type { WordRow } from './rows';
import { jsonList } from './sqlite/json-list';
import type { Sql } from './sqlite/sql';

/** Numbers of texts; one that never occurred is left out. */
export const wordNumbers = (sql: Sql, texts: Iterable<string>): ReadonlyMap<string, WordNumber> =>
  new Map(
    sql
      .all<WordRow>(
        'SELECT w.text, w.n FROM json_each(?) wanted CROSS JOIN word w ON w.text = wanted.value',
        jsonList(texts),
      )
      .map(({ text, n }) => [text, n]),
  );
