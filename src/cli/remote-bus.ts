import { ROUTES } from '../http/routes';
import type { OperatorAnswer, OperatorBus } from '../operator/operator-bus';
import { decodeAnswers, encodeItems } from '../operator/operator-wire';
import { CliError } from './output';

/** An operator's commands through the server that runs on the data. */
export function remoteOperatorBus(url: string, token: string): OperatorBus {
  const { path, method } = ROUTES.operatorCommands;
  return {
    async executeAll(items, { ahead = false } = {}): Promise<readonly OperatorAnswer[]> {
      let response: Response;
      try {
        response = await fetch(`${url}${path}${ahead ? '?ahead=1' : ''}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: encodeItems(items),
        });
      } catch (cause) {
        throw new CliError(`The server at ${url} cannot be reached.`, { cause });
      }
      const text = await response.text();
      if (!response.ok) throw new CliError(`The server answered ${response.status}: ${text.slice(0, 500)}`);
      return decodeAnswers(text);
    },
  };
}
