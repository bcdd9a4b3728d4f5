import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';
import styles from './Button.module.css';
import { classes } from '../classes';

interface Props extends Omit<ButtonProps, 'className' | 'style'> {
  /** `primary`: the one act of a view. `plain`: an act beside others. `icon`: an icon alone, named by `aria-label`. */
  readonly look?: 'primary' | 'outline' | 'plain' | 'icon' | 'link' | 'danger';
  readonly children?: ReactNode;
}

/** A button. */
export function Button({ look = 'outline', ...props }: Props): ReactNode {
  return <AriaButton {...props} className={classes(styles.button, styles[look])} />;
}
