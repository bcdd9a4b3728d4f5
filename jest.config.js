/** One project for the whole suite; SWC compiles, so that a single file starts in a second. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  // `*.long.test.ts` is run by `npm run test:long`.
  testMatch: ['**/!(*.long).test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', require('./.swcrc.js')] },
  setupFiles: ['reflect-metadata'],
  // For a hang, not for a slow machine.
  testTimeout: 600_000,
};
