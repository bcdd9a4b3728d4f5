import type { Logger } from 'pino';

/**
 * Keeps a process alive when a promise fails that nothing waits for: one request that goes wrong must not end the others.
 * It is a fault of the program, logged as one. What is thrown outside of any promise still ends the process.
 */
export function logForgottenFailures(logger: Pick<Logger, 'error'>): void {
  process.on('unhandledRejection', (err) =>
    logger.error({ err }, 'a promise failed that nothing waited for'),
  );
}
