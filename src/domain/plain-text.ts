const CONTROL = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]');
const LONE_SURROGATE = /\p{Surrogate}/u;

export const plainTextFault = (text: string): string | null =>
  LONE_SURROGATE.test(text) || CONTROL.test(text)
    ? 'The text has control characters or broken Unicode.'
    : null;
