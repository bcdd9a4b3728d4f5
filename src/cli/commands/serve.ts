import type { Command } from 'commander';
import { loadConfig } from '../../config/config';
import { parseWhole } from '../values';

interface ServeOptions {
  readonly port?: number;
  readonly ephemeral?: boolean;
  readonly instances?: number;
}

/** `rolebook serve`: the server, as `npm start` starts it, or one for tests that keeps nothing. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the API as the settings say, until SIGTERM or SIGINT')
    .option('--port <port>', 'listen there, whatever PORT says; 0 takes a free one', parseWhole(0, 65_535))
    .option(
      '--ephemeral',
      'for tests: the demo, the same each time; nothing is kept, and stdout has one line of JSON',
    )
    .option(
      '--instances <count>',
      'so many ephemeral servers, each with a line of its own',
      parseWhole(1, 16),
    )
    .action(async ({ port, ephemeral = false, instances }: ServeOptions) => {
      if (instances !== undefined && !ephemeral)
        program.error('--instances is for --ephemeral alone: a log has one server.', { exitCode: 2 });
      // The server is half of all modules; no other command needs it.
      const { endByFailure, serve } = await import('../../app/serve');
      try {
        const settings = loadConfig();
        const config = port === undefined ? settings : { ...settings, port };
        if (!ephemeral) return await serve(config);
        const { serveEphemeral } = await import('../../app/ephemeral');
        await serveEphemeral(config, instances ?? 1);
      } catch (error) {
        endByFailure(error);
      }
    });
}
