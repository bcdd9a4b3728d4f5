import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addOpenRoute } from './add-route';
import { ROUTES, type OpenRoute } from './routes';

/**
 * GraphiQL, from the packages’ own files: it works without a network. A ready link, `/graphiql#token=...` (or
 * `?token=...`), fills the Authorization header in; the page takes the token out of the address at once.
 */
export function addGraphiql(app: FastifyInstance): void {
  for (const { route, file, type } of FILES) {
    let content: Promise<Buffer> | undefined;
    addOpenRoute(app, route, async (_request, reply) => {
      content ??= readFile(file());
      return reply
        .headers({ 'content-type': type, 'cache-control': 'public, max-age=3600' })
        .send(await content);
    });
  }
  addOpenRoute(app, ROUTES.graphiqlPage, async (_request, reply) => reply.type(SCRIPT).send(PAGE_SCRIPT));
  addOpenRoute(app, ROUTES.graphiql, async (_request, reply) => reply.headers(PAGE_HEADERS).send(PAGE));
}

const SCRIPT = 'text/javascript; charset=utf-8';

const fileOf = (name: string, file: string) => () =>
  path.join(path.dirname(require.resolve(`${name}/package.json`)), file);

const FILES: readonly { readonly route: OpenRoute; readonly file: () => string; readonly type: string }[] = [
  { route: ROUTES.graphiqlReact, file: fileOf('react', 'umd/react.production.min.js'), type: SCRIPT },
  {
    route: ROUTES.graphiqlReactDom,
    file: fileOf('react-dom', 'umd/react-dom.production.min.js'),
    type: SCRIPT,
  },
  { route: ROUTES.graphiqlScript, file: fileOf('graphiql', 'graphiql.min.js'), type: SCRIPT },
  {
    route: ROUTES.graphiqlStyle,
    file: fileOf('graphiql', 'graphiql.min.css'),
    type: 'text/css; charset=utf-8',
  },
];

/** Headers of a page of our own: nothing is loaded from other origins. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'",
} as const;

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Rolebook · GraphiQL</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${ROUTES.graphiqlStyle.path}">
  <style>body { margin: 0 } #graphiql { height: 100dvh } .hint { font: 16px/1.5 system-ui, sans-serif; padding: 2rem }</style>
</head>
<body>
  <div id="graphiql"><p class="hint">Loading GraphiQL ...</p></div>
  <script src="${ROUTES.graphiqlReact.path}"></script>
  <script src="${ROUTES.graphiqlReactDom.path}"></script>
  <script src="${ROUTES.graphiqlScript.path}"></script>
  <script src="${ROUTES.graphiqlPage.path}"></script>
</body>
</html>
`;

const PAGE_SCRIPT = `'use strict';
const given = new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token');
if (given) {
  sessionStorage.setItem('rolebook-token', given);
  history.replaceState(null, '', '${ROUTES.graphiql.path}');
}
const token = sessionStorage.getItem('rolebook-token');
const authorization = 'Bearer ' + (token ?? '<token>');
const headers = JSON.stringify({ Authorization: authorization }, null, 2);

const fetcher = async (request, options) => {
  // The first question, for the schema, is asked before the editor of the headers is there.
  const sent = new Headers({ authorization });
  for (const [name, value] of Object.entries(options?.headers ?? {})) sent.set(name, value);
  sent.set('content-type', 'application/json');
  const response = await fetch('${ROUTES.graphql.path}', { method: 'POST', headers: sent, body: JSON.stringify(request) });
  return response.json();
};

const roleList = \`# Rolebook, the book of record for roles: the role list.
# Who asks stands under "Headers" below. The link that
# npm start prints fills it in; another token comes from
#   npx rolebook token <username>
query RoleList {
  me {
    id
    name
  }
  roles {
    totalCount
    edges {
      node {
        id
        name
        kind
        userCount
        permissionCount
        scopeCount
        allowedActions
      }
    }
  }
}
\`;

const rolePage = \`# Everything that the page of a role shows, in one request.
query RolePage {
  role(id: "Role:account-admin") {
    name
    description
    version
    allowedActions
    sections {
      name
      selectedCount
      totalCount
      permissions {
        selected
        available
        permission {
          key
          description
        }
        scopes {
          name
          selected
        }
      }
    }
    users {
      edges {
        assignedAt
        node {
          name
          status
        }
      }
    }
  }
}
\`;

const historyPage = \`# Who changed what, when and why; and what was so before:
# "asOf" takes a time, or a position as every answer gives it.
query History {
  history(first: 10) {
    edges {
      node {
        at
        summary
        reason
        position
      }
    }
  }
  lastWeek: roles(asOf: { time: "\${new Date(Date.now() - 7 * 86400000).toISOString()}" }) {
    edges {
      node {
        name
        userCount
      }
    }
  }
}
\`;

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultHeaders: headers,
    defaultQuery: roleList,
    defaultTabs: [roleList, rolePage, historyPage].map((query) => ({ query, headers })),
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
`;
