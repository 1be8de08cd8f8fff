import { Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Request, Response } from '../../../src-shared/api/contract.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { useConnection } from '../../stores/connection-store.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { Section } from '../../ui/section.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { SettingLine } from './setting-line.tsx';

type Preferences = Response<'getpreferences'>;
const names = text.settings.machine;

interface PreferenceProps {
  readonly name: keyof Preferences;
  readonly value: boolean | null;
  readonly onChange: (request: Request<'setpreferences'>) => void;
}

function Preference({ name, value, onChange }: PreferenceProps) {
  const { label, means } = names[name];
  return (
    <SettingLine label={label} means={means}>
      {value === null ? (
        <span className="muted">{names.notHere}</span>
      ) : (
        <Switch aria-label={label} checked={value} onChange={(event) => onChange({ [name]: event.currentTarget.checked })} data-testid={`setting-${name}`} />
      )}
    </SettingLine>
  );
}

/** What the app does on this machine; nothing of it where a browser shows the node. */
export function MachineSection() {
  const { client } = useNode();
  const isOpen = useConnection(({ status }) => status.kind === 'open');
  const [preferences, setPreferences] = useState<Preferences>();
  const [error, setError] = useState<ClientError>();
  useEffect(() => {
    if (!isOpen) return;
    let current = true;
    void client.call('getpreferences', {}).then((outcome) => {
      if (current && outcome.ok) setPreferences(outcome.value);
    });
    return () => {
      current = false;
    };
  }, [client, isOpen]);
  if (preferences === undefined || (preferences.startatlogin === null && preferences.keepawake === null)) return null;
  const choose = (request: Request<'setpreferences'>): void =>
    void client.call('setpreferences', request).then((outcome) => {
      if (outcome.ok) setPreferences(outcome.value);
      setError(outcome.ok ? undefined : outcome.error);
    });
  return (
    <Section title={names.title} aside={<span className="small muted">{text.settings.atOnce}</span>}>
      <Preference name="startatlogin" value={preferences.startatlogin} onChange={choose} />
      <Preference name="keepawake" value={preferences.keepawake} onChange={choose} />
      {error !== undefined && <Notice tone="bad" advice={wordsOf(error)} />}
    </Section>
  );
}
