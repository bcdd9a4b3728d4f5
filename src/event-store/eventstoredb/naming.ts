import { STREAM_PREFIX } from '../port/event-store';
import { HEARTBEAT_PREFIX } from '../port/streams';

const OWN = STREAM_PREFIX.slice(0, -1);
/** No `-`: EventStoreDB takes the text before the first one as a stream's category. */
const FORM = /^[a-z][a-z0-9_]{0,31}$/;

/**
 * Names of Rolebook's streams on the server. An installation that shares a cluster with others has a prefix of its own,
 * used instead of `rolebook`; nothing outside this folder knows.
 */
export class Naming {
  /** Holds the identity of the log. Outside the prefix, so that no reader or copy of the log includes it. */
  readonly identityStream: string;
  /** Says when a restore into this log began and ended; outside the prefix like the identity. */
  readonly restoreStream: string;
  /** Seals of the log, which are no events of it. */
  readonly sealStream: string;
  /** The group of users on the server who read Rolebook's streams and write nothing. */
  readonly readers: string;
  /** A regular expression of .NET: streams of Rolebook except heartbeats. */
  readonly ours: string;
  readonly #prefix: string;
  readonly #keys: string;

  /** @throws Error for anything but the name of an installation */
  constructor(installation = OWN) {
    if (!FORM.test(installation)) throw new Error(`${JSON.stringify(installation)} is no prefix of streams`);
    this.#prefix = `${installation}.`;
    this.identityStream = `${installation}-store`;
    this.restoreStream = `${installation}-restore`;
    this.sealStream = `${installation}-seals`;
    this.readers = `${installation}-readers`;
    this.#keys = `${installation}-keys.`;
    const heartbeats = HEARTBEAT_PREFIX.slice(STREAM_PREFIX.length);
    this.ours = `^${escaped(this.#prefix)}(?!${escaped(heartbeats)})`;
  }

  /** Stream of one bucket of the key book. Outside the prefix too: a log is copied without its keys. */
  keyStream(bucket: number): string {
    return this.#keys + bucket;
  }

  onServer(stream: string): string {
    return stream.startsWith(STREAM_PREFIX) ? this.#prefix + stream.slice(STREAM_PREFIX.length) : stream;
  }

  fromServer(stream: string): string {
    return stream.startsWith(this.#prefix) ? STREAM_PREFIX + stream.slice(this.#prefix.length) : stream;
  }
}

/** The expression of .NET for exactly this stream. */
export const exactly = (stream: string): string => `^${escaped(stream)}$`;

const escaped = (text: string): string => text.replace(/[.\\]/g, '\\$&');
