import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Granting } from './callers';

interface File {
  readonly defaultRoles: readonly { readonly key: string; readonly permissions: readonly string[] }[];
}

/** Default roles of the demo’s catalogue, with what they grant. */
export function defaultRoles(): Granting[] {
  const file = path.join(__dirname, '../../../schema/catalogue.json');
  const { defaultRoles: roles } = JSON.parse(readFileSync(file, 'utf8')) as File;
  return roles.map(({ key, permissions }) => ({ role: key, permissions }));
}
