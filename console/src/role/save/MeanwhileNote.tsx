import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Note } from '../../ui/feedback/Note';
import type { Meanwhile } from './use-meanwhile';

interface Props {
  readonly meanwhile: Meanwhile;
  readonly onShow: () => void;
}

/** Tells whoever fills in a form that somebody else saved the role, before they save it too. */
export function MeanwhileNote({ meanwhile: { role }, onShow }: Props): ReactNode {
  if (role === null)
    return (
      <Note look="problem" alert>
        <p>{t('meanwhile.deleted')}</p>
      </Note>
    );
  return (
    <Note alert>
      <p>
        {t('meanwhile.saved', { name: role.updatedBy?.name ?? t('conflict.somebody') })}{' '}
        <Button look="link" onPress={onShow}>
          {t('meanwhile.show')}
        </Button>
      </p>
    </Note>
  );
}
