import { createHash, timingSafeEqual } from 'node:crypto';
import { text } from 'node:stream/consumers';

/** The page on which people sign in. Consent is given for them, so that there is no other page. */

export const INTERACTION = '/interaction/';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // No `form-action`: browsers hold it against the redirect that leads back to the client, too.
  'content-security-policy': "default-src 'none'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Answers to requests below `INTERACTION`. A cookie of the provider says whose sign-in it is. */
export const interactions = (provider, { people, password }) => {
  const isPerson = (subject) => people.some((person) => person.subject === subject);
  return async (request, response) => {
    const send = (status, page) => response.writeHead(status, HEADERS).end(page);
    try {
      await provider.interactionDetails(request, response);
    } catch {
      return send(
        400,
        page('<p>This sign-in has ended. Go back to where you came from, and begin again.</p>'),
      );
    }
    if (request.method === 'GET') return send(200, page(form(people)));
    if (request.method !== 'POST') return send(405, page('<p>This takes GET and POST.</p>'));
    const sent = new URLSearchParams(await text(request));
    const subject = sent.get('login');
    if (!isPerson(subject) || !isSame(sent.get('password') ?? '', password))
      return send(403, page(`<p>The password is another one.</p>${form(people)}`));
    const result = { login: { accountId: subject } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
};

const digest = (value) => createHash('sha256').update(value).digest();
const isSame = (a, b) => timingSafeEqual(digest(a), digest(b));

const form = (people) => `<form method="post" autocomplete="off">
  <p><label>Who <select name="login">
${people.map(({ subject, name }) => `    <option value="${subject}">${name} (${subject})</option>`).join('\n')}
  </select></label></p>
  <p><label>Password <input type="password" name="password" required></label>, the text of deploy/secrets/people</p>
  <p><button>Sign in</button></p>
</form>`;

const page = (body) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sign in · provider for trying out</title>
  <link rel="icon" href="data:,">
</head>
<body>
  <h1>Sign in</h1>
  ${body}
</body>
</html>
`;
