import { setupI18n, type Messages } from '@lingui/core';
import english from './en.json?compiled';
import type source from './en.json';

/** Keys of the messages: one that is not in the catalogue does not compile. */
export type MessageKey = keyof typeof source;

/** Values of the placeholders of a message. */
export type Values = Readonly<Record<string, string | number>>;

/** Text of a message in the language that is loaded. */
export type Translate = (key: MessageKey, values?: Values) => string;

export const PSEUDO = 'en-XA';

const i18n = setupI18n({ locale: 'en', messages: { en: english as Messages } });

export const t: Translate = (key, values) => i18n._(key, values);

/** Loads the pseudo-locale, which `?locale=en-XA` in the address asks for. */
export async function loadPseudoLocale(): Promise<void> {
  const { default: messages } = await import('./en.json?pseudo');
  i18n.loadAndActivate({ locale: PSEUDO, locales: 'en', messages: messages as Messages });
}
