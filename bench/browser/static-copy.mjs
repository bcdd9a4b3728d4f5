import { createServer } from 'node:http';

/**
 * A page that is there already, of the same bytes as a view of the console: its finished HTML, its styles and fonts, and the
 * scripts and answers as files that are fetched and not run. What a browser needs for it is the least that such a view costs.
 */

/** Answers of a server, kept while a page is loaded. */
export async function record(page, address) {
  const answers = [];
  page.on('response', (response) => answers.push(response));
  await page.goto(address);
  await page.locator('tbody tr').first().waitFor();
  await page.waitForLoadState('networkidle');
  const kept = await Promise.all(answers.filter((one) => one.status() === 200).map(keep));
  const html = await page.evaluate(() => document.documentElement.outerHTML);
  return { kept, html };
}

async function keep(response) {
  const { pathname } = new URL(response.url());
  const { 'content-type': type = 'text/plain' } = response.headers();
  const isPage = type.startsWith('text/html');
  return {
    pathname,
    type,
    isPage,
    isScript: /javascript/.test(type),
    isData: /json/.test(type),
    body: await response.body(),
  };
}

/** Serves the copy. `compress`: the encoding of texts, as the console is served. */
export async function serveCopy({ kept, html }, compress) {
  const files = new Map();
  const hints = [];
  for (const [index, { pathname, type, isPage, isScript, isData, body }] of kept.entries()) {
    if (isPage) continue;
    // Two answers of the API have the same address.
    const name = isData ? `/data/${index}.json` : pathname;
    if (isScript || isData) hints.push(`<link rel="preload" crossorigin as="fetch" href="${name}">`);
    files.set(name, await fileOf(type, body, compress));
  }
  const bare = html
    .replace(/<script[^>]*>[^]*?<\/script>/g, '')
    .replace(/<link[^>]*rel="modulepreload"[^>]*>/g, '');
  const page = `<!doctype html>${bare.replace('</head>', `${hints.join('')}</head>`)}`;
  const index = await fileOf('text/html; charset=utf-8', Buffer.from(page), compress);
  const server = createServer((request, response) => {
    const { headers, content } = files.get(new URL(request.url, 'http://copy').pathname) ?? index;
    response.writeHead(200, headers).end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function fileOf(type, body, compress) {
  const isText = /charset|json|javascript/.test(type);
  const content = isText ? await compress(body) : body;
  return { headers: { 'content-type': type, ...(isText ? { 'content-encoding': 'br' } : {}) }, content };
}
