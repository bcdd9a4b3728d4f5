import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOOKS } from './looks.mjs';
import { fileOf, looksOf } from './take.mjs';

/** The page of all pictures. */

const HEAD = `# Pictures of the console

Every screen on the demo, as \`npm run pictures\` makes them: at a desk and on a phone, light, dark, and as of the past
where a screen has one.

<!-- prettier-ignore -->
| screen | at a desk | on a phone |
|---|---|---|
`;

export function writeGallery(folder, screens) {
  const rows = screens.map(
    (screen) => `| ${screen.title} | ${links(screen, 'desktop')} | ${links(screen, 'phone')} |\n`,
  );
  const pictures = screens.map(
    (screen) => `\n## ${screen.title}\n\n![${screen.title}](${fileOf(screen, LOOKS[0])})\n`,
  );
  writeFileSync(path.join(folder, 'README.md'), [HEAD, ...rows, ...pictures].join(''));
}

const links = (screen, device) =>
  looksOf(screen)
    .filter((look) => look.device === device)
    .map((look) => `[${look.name}](${fileOf(screen, look)})`)
    .join(', ');
