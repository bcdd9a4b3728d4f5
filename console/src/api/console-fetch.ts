/** Listeners that are told when the server knows no session any more. */
const listeners = new Set<() => void>();

/** Calls back when a request is answered with 401. @returns the way to stop */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Fetches from this server, with the session's cookie and the header that tells the console from a page of somebody else:
 * a foreign page cannot send it without being asked first.
 */
export const consoleFetch: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Rolebook-Console', '1');
  const response = await fetch(input, { ...init, headers, credentials: 'same-origin' });
  if (response.status === 401) for (const listener of listeners) listener();
  return response;
};
