import { useClient } from 'urql';
import {
  DisableFeatureDocument,
  EnableFeatureDocument,
  type FeatureLineFragment,
} from '../generated/graphql';
import { t } from '../messages/i18n';
import { send } from '../role/save/send';
import { offerUndo } from '../ui/feedback/undo';
import { useCommand } from '../user/use-command';

/** Enables a feature at once, which can be taken back for a while; `reload` shows what came of it. */
export function useEnable(reload: () => void) {
  const client = useClient();
  const { run, refusals, fault } = useCommand({
    document: EnableFeatureDocument,
    refusalsOf: (data) => data.enableFeature?.errors,
  });
  const back = async (feature: string): Promise<string | null> => {
    const input = { feature, idempotencyKey: crypto.randomUUID() };
    const sent = await send(client, DisableFeatureDocument, { input }, () => undefined);
    reload();
    if (sent.fault) return sent.fault.message;
    return sent.data.disableFeature?.errors[0]?.message ?? null;
  };
  const enable = async ({ key, name }: FeatureLineFragment): Promise<void> => {
    if (!(await run({ feature: key }))) return;
    reload();
    offerUndo({ text: t('feature.enabled', { feature: name }), undo: () => back(key) });
  };
  return { enable, refusals, fault };
}
