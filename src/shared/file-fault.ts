const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'the system’s user may not',
  EPERM: 'the system’s user may not',
  EROFS: 'it is on a medium that can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be larger than the system allows',
  ENOTDIR: 'what its path leads through is a file',
  EEXIST: 'something else is there',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'no name can be that long',
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder, and a file is wanted',
  EIO: 'the disk failed',
};

/** Reason why the system refused, for people; null for an error that is none of the system. */
export function systemReason(error: unknown): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' ? (REASONS[code] ?? code) : null;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: `is not there: ${REASONS.ENOTDIR}`,
  EISDIR: 'is a folder, and a file is wanted',
  EACCES: `cannot be read: ${REASONS.EACCES}`,
  EPERM: `cannot be read: ${REASONS.EPERM}`,
  ELOOP: `cannot be read: ${REASONS.ELOOP}`,
  ENAMETOOLONG: `is not there: ${REASONS.ENAMETOOLONG}`,
};

/**
 * Explains an unreadable file that a user named, as a phrase to follow its name; for any other error the system's code.
 */
export function fileFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return UNREADABLE[code ?? ''] ?? `cannot be read (${code ?? String(error)})`;
}
