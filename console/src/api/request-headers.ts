import { heldPosition } from './position';

/**
 * Headers of a request of the API. `unattended`: nobody is behind it, so that it keeps no session from ending. `told`: a position
 * that the answer is to show besides the one that is held.
 */
export function requestHeaders(unattended = false, told: string | null = null): Record<string, string> {
  const positions = [...new Set([heldPosition(), told])].filter((each) => each !== null);
  return {
    ...(positions.length > 0 ? { 'Rolebook-Min-Position': positions.join(', ') } : {}),
    ...(unattended ? { 'Rolebook-Unattended': '1' } : {}),
  };
}

/** Options of `fetch` for a query that nobody asked for by hand. */
export const unattendedOptions = () => ({ headers: requestHeaders(true) });
