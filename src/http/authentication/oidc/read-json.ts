/** Longest document of an issuer that is read, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Reads a document of an issuer. Redirects are not followed: they would lead to an address that nobody named.
 * @throws whatever keeps it from being read within the time
 */
export async function readJson(url: string, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) throw new Error(`${url} answered with more than ${LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}
