import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/**
 * Loaded into a server with `--require`, it tells on a socket how much memory is held after a forced collection: the
 * main thread's and that of each worker. It is no part of the product.
 */

/** Time limit for workers to answer: for a hang, not for a slow machine. */
const WITHIN_MS = 120_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const channel = new BroadcastChannel('heap-probe');

if (isMainThread) {
  let heard: ((bytes: number) => void) | null = null;
  channel.onmessage = (event) => {
    const { bytes } = (event as { data: { bytes?: number } }).data;
    if (bytes !== undefined) heard?.(bytes);
  };
  channel.unref();
  const server = createServer((_request, response) => {
    const bytes = held();
    const answer = (workers: number | null): void =>
      void response.end(JSON.stringify({ main: bytes, projector: workers, rss: process.memoryUsage().rss }));
    const late = setTimeout(() => answer(null), WITHIN_MS);
    heard = (workers) => {
      heard = null;
      clearTimeout(late);
      answer(workers);
    };
    channel.postMessage({ asks: true });
  });
  server.listen(process.env['HEAP_PROBE_SOCKET']);
  server.unref();
} else {
  channel.onmessage = (event) => {
    if ((event as { data: { asks?: boolean } }).data.asks) channel.postMessage({ bytes: held() });
  };
  channel.unref();
}
