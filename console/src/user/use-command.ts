import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useRef, useState } from 'react';
import { useClient } from 'urql';
import type { Fault } from '../api/fault';
import type { RefusalFragment } from '../generated/graphql';
import { keyFor, type KeyOfInput } from '../role/save/key-of-input';
import { send } from '../role/save/send';

interface Params<Data, Variables extends AnyVariables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** Refusals of the whole command in an answer; undefined: the payload is missing. */
  readonly refusalsOf: (data: Data) => readonly RefusalFragment[] | undefined;
}

/** A command of a page or a dialog: one mutation, and what became of it. */
export function useCommand<Data, Input extends object>({
  document,
  refusalsOf,
}: Params<Data, { input: Input }>) {
  const client = useClient();
  const held = useRef<KeyOfInput>({ content: '', key: '' });
  const [state, setState] = useState<'idle' | 'sending' | 'waiting'>('idle');
  const [refusals, setRefusals] = useState<readonly RefusalFragment[]>([]);
  const [fault, setFault] = useState<Fault | null>(null);

  /** Sends the command. @returns its answer where it was carried out, null where it was refused or has no answer */
  const run = async (input: Input): Promise<Data | null> => {
    setState('sending');
    setRefusals([]);
    setFault(null);
    const idempotencyKey = keyFor(held.current, input);
    const sent = await send(client, document, { input: { ...input, idempotencyKey } }, () =>
      setState('waiting'),
    );
    setState('idle');
    if (sent.fault) {
      setFault(sent.fault);
      return null;
    }
    // The outcome is known: the same again would be another command.
    held.current = { content: '', key: '' };
    const found = refusalsOf(sent.data) ?? [];
    setRefusals(found);
    return found.length === 0 ? sent.data : null;
  };
  return { run, state, refusals, fault };
}
