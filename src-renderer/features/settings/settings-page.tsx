import { setupHref } from '../../routes.ts';
import { useOverview } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { MachineSection } from './machine-section.tsx';
import { NodeSettings } from './node-settings.tsx';
import { SettingLine } from './setting-line.tsx';
import { useSettings } from './use-settings.ts';
import { WalletSection } from './wallet-section.tsx';
import { WindowSection } from './window-section.tsx';
import './settings.css';

function NetworkSection() {
  const overview = useOverview();
  const names = text.settings.network;
  return (
    <Section title={names.title}>
      <SettingLine label={overview === undefined ? names.title : overview.practice ? text.chains.practice : text.chains[overview.chain]} means={names.means}>
        <a className="link" href={setupHref} data-testid="setup-again">
          {text.setup.again}
        </a>
      </SettingLine>
    </Section>
  );
}

/** Everything that can be chosen, with what it means and when it holds. */
export function SettingsPage() {
  const access = useSettings();
  return (
    <Page title={text.pages.settings} className="settings-page">
      <WindowSection />
      <MachineSection />
      <WalletSection />
      <NetworkSection />
      <NodeSettings access={access} />
    </Page>
  );
}
