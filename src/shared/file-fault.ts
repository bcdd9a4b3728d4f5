const BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: what its path leads through is a file',
  EISDIR: 'is a folder, and a file is wanted',
  EACCES: 'cannot be read: the system’s user may not',
  EPERM: 'cannot be read: the system’s user may not',
  ELOOP: 'cannot be read: its links lead in a circle',
  ENAMETOOLONG: 'is not there: no name can be that long',
};

/**
 * Explains an unreadable file that a user named, as a phrase to follow its name; for any other error the system's code.
 */
export function fileFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return BY_CODE[code ?? ''] ?? `cannot be read (${code ?? String(error)})`;
}
