import { type MantineColorScheme, Switch, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { LanguageSelect } from '../../language-select.tsx';
import { hideAmounts, useHiddenAmounts } from '../../stores/hidden-amounts.ts';
import { notificationPermission, useNotifications, wantNotifications } from '../../stores/notifications.ts';
import { text } from '../../text/text.ts';
import { Section } from '../../ui/section.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { SettingLine } from './setting-line.tsx';

const schemes: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const schemeNames: Record<MantineColorScheme, string> = { auto: text.shell.theme.system, light: text.shell.theme.light, dark: text.shell.theme.dark };
const names = text.settings.window;

function NotificationsLine() {
  const { wanted } = useNotifications();
  const [permission, setPermission] = useState(notificationPermission);
  const isOn = wanted && permission === 'granted';
  const choose = (on: boolean): void => void wantNotifications(on).then(setPermission);
  return (
    <>
      <SettingLine label={names.notifications} means={names.notificationsMean}>
        <Switch
          aria-label={names.notifications}
          checked={isOn}
          disabled={permission === 'missing'}
          onChange={(event) => choose(event.currentTarget.checked)}
          data-testid="setting-notifications"
        />
      </SettingLine>
      {permission === 'missing' && <p className="small muted">{names.notificationsMissing}</p>}
      {permission === 'denied' && <Notice tone="muted" advice={names.notificationsDenied} />}
    </>
  );
}

/** What is kept in this window alone, and holds at once. */
export function WindowSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { hidden } = useHiddenAmounts();
  return (
    <Section title={names.title} aside={<span className="small muted">{text.settings.atOnce}</span>}>
      <SettingLine label={text.shell.theme.label} means={names.appearanceMeans}>
        <Segments
          label={text.shell.theme.label}
          value={colorScheme}
          onChange={setColorScheme}
          options={schemes.map((value) => ({ value, label: schemeNames[value] }))}
          testId="setting-appearance"
        />
      </SettingLine>
      <SettingLine label={text.shell.language.label} means={names.languageMeans}>
        <LanguageSelect testId="setting-language" />
      </SettingLine>
      <NotificationsLine />
      <SettingLine label={names.hideAmounts} means={names.hideAmountsMean}>
        <Switch
          aria-label={names.hideAmounts}
          checked={hidden}
          onChange={(event) => hideAmounts(event.currentTarget.checked)}
          data-testid="setting-hide-amounts"
        />
      </SettingLine>
    </Section>
  );
}
