import { useState, type ReactNode } from 'react';
import { t } from '../messages/i18n';
import { classes } from '../ui/classes';
import { Button } from '../ui/controls/Button';
import { Icon } from '../ui/marks/icons';
import { Sign } from '../ui/marks/Sign';
import { Tag } from '../ui/marks/Tag';
import type { DiffLine } from './cause-groups';
import styles from './DiffLines.module.css';

interface Props {
  readonly label: string;
  readonly lines: readonly DiffLine[];
}

/** Lines that stand open; of more, the last ones are closed at first. */
const SHOWN = 8;

/** Differences as lines, each with its sign. */
export function DiffLines({ label, lines }: Props): ReactNode {
  const [all, showAll] = useState(false);
  const shown = all || lines.length <= SHOWN + 1 ? lines : lines.slice(0, SHOWN);
  const left = lines.length - shown.length;
  return (
    <>
      <ul className={styles.lines} aria-label={label}>
        {shown.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
      {left > 0 && (
        <p className={styles.more}>
          <Button look="link" onPress={() => showAll(true)}>
            {t('compare.moreLines', { count: left })}
          </Button>
        </p>
      )}
    </>
  );
}

function Line({ line }: { readonly line: DiffLine }): ReactNode {
  const { mark, text, code, privileged, gained, lost } = line;
  return (
    <li className={classes(styles.line, mark && styles[mark])}>
      {mark && <Sign mark={mark} />}
      <span className={styles.text}>
        <span>{text}</span>
        {code && <code>{code}</code>}
        {privileged && (
          <Tag>
            <Icon name="key" />
            {t('tag.privileged')}
          </Tag>
        )}
        <Scopes mark="added" scopes={gained} isSigned={mark === 'changed'} />
        <Scopes mark="removed" scopes={lost} isSigned={mark === 'changed'} />
      </span>
    </li>
  );
}

interface ScopesProps {
  readonly mark: 'added' | 'removed';
  readonly scopes: readonly string[];
  /** True where the permission stays: then the scopes are what came or went. */
  readonly isSigned: boolean;
}

/** Scopes that are named; of a permission that came or went as a whole, more than these are counted. */
const NAMED = 3;

function Scopes({ mark, scopes, isSigned }: ScopesProps): ReactNode {
  if (scopes.length === 0) return null;
  return (
    <span className={styles.scopes}>
      {isSigned && <Sign mark={mark} />}
      {!isSigned && scopes.length > NAMED ? t('scopes.count', { count: scopes.length }) : scopes.join(', ')}
    </span>
  );
}
