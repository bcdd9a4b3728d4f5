import type { ReactNode } from 'react';
import { detailLines } from '../../compare/detail-lines';
import { memberLines, permissionLine } from '../../compare/role-lines';
import { DiffLines } from '../../compare/DiffLines';
import { utcMoment } from '../../format/dates';
import { count } from '../../format/numbers';
import { t } from '../../messages/i18n';
import { ChangeStrip } from '../../past/ChangeStrip';
import { Button } from '../../ui/controls/Button';
import { Icon, type IconName } from '../../ui/marks/icons';
import styles from './LifePlayer.module.css';
import type { Life, Way } from './use-life';
import { usePlayer } from './use-player';

const BUTTONS: readonly { readonly way: Way; readonly icon: IconName }[] = [
  { way: 'first', icon: 'first' },
  { way: 'earlier', icon: 'back' },
  { way: 'later', icon: 'chevron' },
  { way: 'last', icon: 'last' },
];

/** The life of a role, step by step: what the change that is shown did, and the ways to the others. */
export function LifePlayer({ life }: { readonly life: Life }): ReactNode {
  const { go, isPlaying, play } = usePlayer(life);
  const { number, total, step, diff, ways } = life;
  const lines = [...detailLines(diff), ...diff.permissions.map(permissionLine), ...memberLines(diff)];
  const button = ({ way, icon }: (typeof BUTTONS)[number]): ReactNode => (
    <Button
      key={way}
      look="icon"
      aria-label={t(`life.${way}`)}
      isDisabled={ways[way] === undefined}
      onPress={() => {
        play(false);
        go(way);
      }}
    >
      <Icon name={icon} />
    </Button>
  );
  return (
    <section className={styles.player} aria-label={t('life.title')}>
      <div className={styles.controls} role="group" aria-label={t('life.controls')}>
        {BUTTONS.slice(0, 2).map(button)}
        <Button isDisabled={total === 1} onPress={() => play(!isPlaying)}>
          <Icon name={isPlaying ? 'pause' : 'play'} />
          {t(isPlaying ? 'life.pause' : 'life.play')}
        </Button>
        {BUTTONS.slice(2).map(button)}
        {number !== null && total !== null && (
          <p>{t('life.number', { number: count(number), total: count(total) })}</p>
        )}
      </div>
      <ChangeStrip />
      <div className={styles.step}>
        <p className={styles.sentence}>
          <time dateTime={step.moment.time}>{utcMoment(step.moment.time)}</time>
          <span>
            {step.summary}
            {step.reason && <q>{step.reason}</q>}
          </span>
        </p>
        {lines.length > 0 && <DiffLines key={step.id} label={t('life.did')} lines={lines} />}
      </div>
    </section>
  );
}
