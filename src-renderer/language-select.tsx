import { Select } from '@mantine/core';
import { chooseLanguage, chosenLanguage, languages } from './text/language.ts';
import { text } from './text/text.ts';
import { Icon } from './ui/icon.tsx';

const asSystem = 'system';

/**
 * Another language loads the page anew: what was typed and not sent is lost, and nothing else. So arrow keys only move about in the list, which a plain `select` that is closed
 * takes for a choice each time, and Enter chooses.
 */
export function LanguageSelect({ testId }: { readonly testId: string }) {
  const shown = chosenLanguage() ?? asSystem;
  const choose = (value: string | null): void => {
    if (value === shown) return;
    chooseLanguage(languages.find((language) => language === value) ?? null, localStorage);
    location.reload();
  };
  return (
    <Select
      size="xs"
      w={168}
      leftSection={<Icon name="language" />}
      allowDeselect={false}
      aria-label={text.shell.language.label}
      value={shown}
      onChange={choose}
      data={[
        { value: asSystem, label: text.shell.language.system },
        ...languages.map((language) => ({ value: language, label: text.shell.language.names[language] })),
      ]}
      data-testid={testId}
    />
  );
}
