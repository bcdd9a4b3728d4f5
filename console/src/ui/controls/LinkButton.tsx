import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';
import { classes } from '../classes';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly look?: 'primary' | 'outline';
}

/** A link that looks like a button: an act that begins on a screen of its own. */
export const LinkButton = createLink(function LinkButton({ look = 'outline', ...props }: Props): ReactNode {
  return <a {...props} className={classes(styles.button, styles[look], styles.anchor)} />;
});
