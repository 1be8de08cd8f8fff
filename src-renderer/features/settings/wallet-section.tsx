import { NativeSelect } from '@mantine/core';
import { text } from '../../text/text.ts';
import { Section } from '../../ui/section.tsx';
import { chooseIdleMinutes, idleMinutes, readIdleMinutes, useIdleMinutes } from '../wallet/idle-choice.ts';
import { SettingLine } from './setting-line.tsx';

export function WalletSection() {
  const { minutes } = useIdleMinutes();
  const names = text.settings.wallet;
  return (
    <Section title={text.pages.wallet} aside={<span className="small muted">{names.nextUnlock}</span>}>
      <SettingLine label={text.wallet.lock.idle} means={names.idleMeans}>
        <NativeSelect
          size="xs"
          aria-label={text.wallet.lock.idle}
          value={String(minutes)}
          data={idleMinutes.map((value) => ({ value: String(value), label: text.wallet.lock.minutes(value) }))}
          onChange={(event) => chooseIdleMinutes(readIdleMinutes(event.currentTarget.value))}
          data-testid="setting-idle"
        />
      </SettingLine>
    </Section>
  );
}
