import type { Envelope } from './envelope';

/** One thing that a feed gives out, whatever it is written in. */
export type FeedItem =
  | {
      readonly kind: 'event';
      readonly position: string;
      readonly ordinal: number;
      readonly envelope: Envelope;
    }
  /** Nothing new that the reader wants up to the position. */
  | { readonly kind: 'heartbeat'; readonly position: string }
  | { readonly kind: 'end'; readonly position: string; readonly end: FeedEnd }
  /** The positions that the reader holds are none of this log any more. */
  | { readonly kind: 'reset'; readonly code: string; readonly message: string };

/** Why a feed ended: a page is full or at the end of the log, the server stops, or something is wrong. */
export type FeedEnd =
  | { readonly more: boolean }
  | { readonly reason: 'SHUTDOWN' | 'TOO_SLOW' }
  | { readonly error: { readonly code: string; readonly message: string } };

/** A way of writing a feed. */
export interface FeedFormat {
  readonly contentType: string;
  /** True where it stays open although nobody said so. */
  readonly follows: boolean;
  /** Text before the first item. */
  readonly beginning: string;
  text(item: FeedItem): string;
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** One JSON object a line: envelopes, which alone have `specversion`, and what is said about the feed. */
export const NDJSON: FeedFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  follows: false,
  beginning: '',
  text(item) {
    switch (item.kind) {
      case 'event':
        return line(item.envelope);
      case 'heartbeat':
        return line({ heartbeat: true, position: item.position });
      case 'end':
        return line({ end: true, position: item.position, ...item.end });
      case 'reset':
        return line({ reset: true, code: item.code, message: item.message });
    }
  },
};

/** Time in milliseconds after which a browser connects again. */
const RETRY_MS = 2_000;

const frame = (event: string, id: string | null, data: object): string =>
  `${event === '' ? '' : `event: ${event}\n`}${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Server-sent events: an envelope is a message, all else has an event of its own. */
export const SSE: FeedFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  follows: true,
  beginning: `retry: ${RETRY_MS}\n\n`,
  text(item) {
    switch (item.kind) {
      case 'event':
        return frame('', item.position, item.envelope);
      case 'heartbeat':
        return frame('heartbeat', item.position, { position: item.position });
      case 'end':
        return frame('end', item.position, { position: item.position, ...item.end });
      case 'reset':
        // Without an id the reader would come back with the position that it was just told of.
        return frame('reset', '', { code: item.code, message: item.message });
    }
  },
};

const TYPES: Readonly<Record<string, FeedFormat>> = {
  'text/event-stream': SSE,
  'application/x-ndjson': NDJSON,
  'application/ndjson': NDJSON,
  'application/*': NDJSON,
  '*/*': NDJSON,
};

/** The format that an `Accept` asks for, the first one of those that there are; null for none of them. */
export function formatOf(accept: string | undefined): FeedFormat | null {
  if (accept === undefined || accept.trim() === '') return NDJSON;
  for (const each of accept.split(',')) {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const format = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
    if (format && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return format;
  }
  return null;
}
