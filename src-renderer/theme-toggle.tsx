import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { text } from './text/text.ts';
import { Icon, type IconName } from './ui/icon.tsx';

interface Choice {
  readonly scheme: MantineColorScheme;
  readonly icon: IconName;
  readonly name: string;
  readonly next: MantineColorScheme;
}
const choices: Record<MantineColorScheme, Choice> = {
  auto: { scheme: 'auto', icon: 'system', name: text.shell.theme.system, next: 'light' },
  light: { scheme: 'light', icon: 'light', name: text.shell.theme.light, next: 'dark' },
  dark: { scheme: 'dark', icon: 'dark', name: text.shell.theme.dark, next: 'auto' },
};

/** As the system, light, dark, in turn; Settings has the three beside each other. */
export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choice = choices[colorScheme];
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => setColorScheme(choice.next)}
      title={`${text.shell.theme.label}: ${choice.name}`}
      data-testid="theme-toggle"
    >
      <Icon name={choice.icon} />
      <span className="unseen">
        {text.shell.theme.label}: {choice.name}
      </span>
    </button>
  );
}
