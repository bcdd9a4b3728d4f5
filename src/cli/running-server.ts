import type { Config } from '../config/config';
import { notedServer, type RunningServer } from '../http/listening/server-note';
import { message } from './output';

/** Returns the server on a data folder; null: none, and what a killed one left behind is told. */
export function runningServer({ dataDirectory }: Pick<Config, 'dataDirectory'>): RunningServer | null {
  const noted = notedServer(dataDirectory);
  if (noted !== 'killed') return noted;
  message('A server on this data folder ended without tidying up; going on without it.');
  return null;
}
