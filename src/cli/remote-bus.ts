import { request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { urlToHttpOptions } from 'node:url';
import { ROUTES } from '../http/routes';
import type { OperatorAnswer, OperatorBus } from '../operator/operator-bus';
import { decodeAnswers, encodeItems } from '../operator/operator-wire';
import { CliError } from './output';

/** Way to a server: its address with a token, or the socket that only operators reach. */
export type WayToServer =
  { readonly url: string; readonly token: string } | { readonly socket: string; readonly token?: never };

/** An operator's commands through the server that runs on the data. */
export function remoteOperatorBus(way: WayToServer): OperatorBus {
  const { path } = ROUTES.operatorCommands;
  return {
    async executeAll(items, { ahead = false } = {}): Promise<readonly OperatorAnswer[]> {
      const place = `${path}${ahead ? '?ahead=1' : ''}`;
      const { status, text } = await post(way, place, encodeItems(items)).catch((cause: unknown) => {
        const where = 'url' in way ? way.url : way.socket;
        throw new CliError(`The server at ${where} cannot be reached.`, { cause });
      });
      if (status !== 200) throw new CliError(`The server answered ${status}: ${text.slice(0, 500)}`);
      return decodeAnswers(text);
    },
  };
}

interface Posted {
  readonly status: number;
  readonly text: string;
}

function post(way: WayToServer, path: string, body: string): Promise<Posted> {
  const authorization = way.token === undefined ? {} : { authorization: `Bearer ${way.token}` };
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...authorization,
  };
  return new Promise((resolve, reject) => {
    const to = 'url' in way ? urlToHttpOptions(new URL(path, way.url)) : { socketPath: way.socket, path };
    // One connection a request: a process that has done its work must not wait for a kept one.
    const options = { ...to, method: ROUTES.operatorCommands.method, headers, agent: false };
    const sent = request(options, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
