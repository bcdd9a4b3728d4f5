const swc = ['@swc/jest', require('./.swcrc.js')];
/** Packages of ES modules alone, which jest loads compiled. */
const MODULES = 'node_modules/(openid-client|oauth4webapi)/';

/** One project for the whole suite; SWC compiles, so that a single file starts in a second. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  // The harness of the browser, and programs of others, have packages of their own, which are not installed with the project's.
  modulePathIgnorePatterns: ['<rootDir>/test/browser/', '<rootDir>/test/outsiders/node_modules/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  // `*.long.test.ts` is run by `npm run test:long`.
  testMatch: ['**/!(*.long).test.ts'],
  transform: { '^.+\\.ts$': swc, [`${MODULES}.+\\.js$`]: swc },
  transformIgnorePatterns: [`^(?!.*/${MODULES}).*/node_modules/`],
  setupFiles: ['reflect-metadata'],
  // For a hang, not for a slow machine.
  testTimeout: 600_000,
};
