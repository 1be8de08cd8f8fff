import { Button } from '@mantine/core';
import { useState } from 'react';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';
import { FilterField } from '../../ui/filter-field.tsx';
import { Section } from '../../ui/section.tsx';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { changesOf, type Draft, edited, type Setting } from './setting-draft.ts';
import { SettingField } from './setting-field.tsx';
import type { SettingsAccess } from './use-settings.ts';

const names = text.settings.node;
const groups = ['node', 'limits'] as const;

const matches = ({ key, meaning }: Setting, wanted: string): boolean => `${key} ${meaning}`.toLowerCase().includes(wanted.trim().toLowerCase());

/** Ports, peers and limits: what each means, what it is, and what says so. Changed together, since some bound each other. */
export function NodeSettings({ access }: { readonly access: SettingsAccess }) {
  const { settings, busy, error, change } = access;
  const [draft, setDraft] = useState<Draft>({});
  const [wanted, setWanted] = useState('');
  if (settings === undefined) {
    return (
      <Section title={names.title}>
        {error === undefined ? <LoadingPanel /> : <Notice tone="bad" advice={{ what: names.unreadable, next: error.message }} />}
      </Section>
    );
  }
  const changes = changesOf(draft, settings.settings);
  const isTouched = Object.keys(draft).length > 0;
  const isPending = settings.settings.some(({ pending }) => pending);
  const shown = settings.settings.filter((setting) => matches(setting, wanted));
  const save = (restart: boolean): void =>
    void change({ changes: changes ?? {}, restart }).then((taken) => {
      if (taken) setDraft({});
    });
  return (
    <Section title={names.title} aside={<FilterField label={names.filter} hint={names.filterHint} value={wanted} onChange={setWanted} />}>
      <p className="small muted">{names.means(settings.settingsfile, settings.configfile)}</p>
      {shown.length === 0 && <EmptyPanel advice={names.noneFound} />}
      {groups.map((group) => {
        const of = shown.filter((setting) => setting.group === group);
        return of.length === 0 ? null : (
          <section key={group} aria-label={names.groups[group]}>
            <h3 className="setting-group">{names.groups[group]}</h3>
            {of.map((setting) => (
              <SettingField key={setting.key} setting={setting} typed={draft[setting.key]} onType={(typed) => setDraft(edited(draft, setting, typed))} />
            ))}
          </section>
        );
      })}
      {(isTouched || isPending || error !== undefined) && (
        <div className="setting-bar" role="status" data-testid="settings-bar">
          {error !== undefined && (
            <Notice tone="bad" advice={error.code === 'invalid-parameter' ? { what: names.refused, next: error.message } : wordsOf(error)} />
          )}
          <p className="small">{isTouched ? names.unsaved(Object.keys(draft).length) : isPending && names.pending}</p>
          <div className="line">
            {isTouched && (
              <Button size="xs" variant="default" disabled={busy} onClick={() => setDraft({})}>
                {names.discard}
              </Button>
            )}
            {isTouched && (
              <Button size="xs" variant="default" disabled={busy || changes === undefined} onClick={() => save(false)} data-testid="settings-save">
                {names.save}
              </Button>
            )}
            {settings.canrestart && (isTouched || isPending) && (
              <Button size="xs" disabled={busy || (isTouched && changes === undefined)} onClick={() => save(true)} data-testid="settings-restart">
                {isTouched ? names.saveAndRestart : names.restart}
              </Button>
            )}
          </div>
        </div>
      )}
    </Section>
  );
}
