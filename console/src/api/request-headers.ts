import { heldPosition } from './position';

/** Headers of a request of the API. `unattended`: nobody is behind it, so that it keeps no session from ending. */
export function requestHeaders(unattended = false): Record<string, string> {
  const position = heldPosition();
  return {
    ...(position ? { 'Rolebook-Min-Position': position } : {}),
    ...(unattended ? { 'Rolebook-Unattended': '1' } : {}),
  };
}

/** Options of `fetch` for a query that nobody asked for by hand. */
export const unattendedOptions = () => ({ headers: requestHeaders(true) });
