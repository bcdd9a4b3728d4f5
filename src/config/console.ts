import { isPrivate } from './loopback';
import type { Setting, SettingsReader } from './settings-reader';

/** Settings of the console: where browsers find it, and how long a session lasts. */

export interface ConsoleConfig {
  /** Path of the console, without a slash at its end: `/console`. */
  readonly consolePath: string;
  /** Origin under which browsers reach the server: `https://roles.example.com`; null: not said. */
  readonly publicUrl: string | null;
  /** Time without a request after which a session ends. */
  readonly sessionIdleMinutes: number;
  /** Time after its sign-in at which a session ends, used or not. */
  readonly sessionHours: number;
}

export const CONSOLE_SETTINGS = {
  consolePath: {
    name: 'ROLEBOOK_CONSOLE_PATH',
    default: '/console',
    description: 'Path at which the console is served, below which nothing else is.',
  },
  publicUrl: {
    name: 'ROLEBOOK_PUBLIC_URL',
    default: '',
    description:
      'Origin under which browsers reach this server, as `https://roles.example.com`: `https`, or `http` on a loopback address. The console signs people in with a provider only where this is set, for the provider leads back to it: `<origin>/console/callback`.',
  },
  sessionIdleMinutes: {
    name: 'ROLEBOOK_SESSION_IDLE_MINUTES',
    default: '120',
    description: 'Time without a request after which a session of the console ends, in minutes.',
  },
  sessionHours: {
    name: 'ROLEBOOK_SESSION_HOURS',
    default: '12',
    description:
      'Time after its sign-in at which a session of the console ends, however it is used, in hours.',
  },
} as const satisfies Record<keyof ConsoleConfig, Setting>;

const PATH = /^(\/[A-Za-z0-9_-]{1,64}){1,4}$/;
/** First segments of addresses that are, or are to be, those of something else. */
const TAKEN = /^\/(graphql|graphiql|health|metrics|operator|scim|events|log|schema|access)(\/|$)/;
const MOST_IDLE_MIN = 7 * 24 * 60;
/** Longest time that a session can be set to last, in hours. */
export const MOST_HOURS = 30 * 24;

/** Reads these settings; the reader collects the faults. */
export function readConsole(read: SettingsReader): ConsoleConfig {
  return {
    consolePath: pathOf(read),
    publicUrl: originOf(read),
    sessionIdleMinutes: read.integer(CONSOLE_SETTINGS.sessionIdleMinutes, 1, MOST_IDLE_MIN),
    sessionHours: read.integer(CONSOLE_SETTINGS.sessionHours, 1, MOST_HOURS),
  };
}

function pathOf(read: SettingsReader): string {
  const path = read.text(CONSOLE_SETTINGS.consolePath);
  if (PATH.test(path) && !TAKEN.test(path)) return path;
  read.faults.push(
    'ROLEBOOK_CONSOLE_PATH is a path as /console, without a slash at its end, where nothing else is served.',
  );
  return CONSOLE_SETTINGS.consolePath.default;
}

function originOf(read: SettingsReader): string | null {
  const text = read.text(CONSOLE_SETTINGS.publicUrl);
  if (text === '') return null;
  if (URL.canParse(text) && new URL(text).origin === text && isPrivate(new URL(text))) return text;
  read.faults.push(
    'ROLEBOOK_PUBLIC_URL is an origin as https://roles.example.com, of https or on a loopback address, without a path.',
  );
  return null;
}
