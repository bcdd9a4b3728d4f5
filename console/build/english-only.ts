import type { Plugin } from 'vite';

/** Texts of React Aria in other languages: of its thirty, the console speaks one. */
const TRANSLATION = /react-(?:aria|stately)[^/]*\/dist\/.*intl\/.*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/;

/** Leaves the other languages of React Aria out of the bundle. */
export const englishOnly = (): Plugin => ({
  name: 'rolebook-english-only',
  load: (id) => (TRANSLATION.test(id) ? 'export default {}' : null),
});
