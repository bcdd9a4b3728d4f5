import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Folders of tests, which remove them. */
export const newDirectory = (): string => mkdtempSync(path.join(os.tmpdir(), 'rolebook-test-'));
export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true });
