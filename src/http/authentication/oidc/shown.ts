/** Texts of tokens, which may be anything, for people to look at. */

/** Shows what a token says, which may be anything, as JSON in which no character moves a cursor or turns a line around. */
export const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? 'none').replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const moment = (seconds: unknown): string => {
  if (seconds === undefined) return 'not said';
  const time = new Date(Number(seconds) * 1_000);
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
};
