import { NativeSelect } from '@mantine/core';
import { chooseLanguage, chosenLanguage, languages } from './text/language.ts';
import { text } from './text/text.ts';

const asSystem = 'system';

/** Another language loads the page anew: what was typed and not sent is lost, and nothing else. */
export function LanguageSelect({ testId }: { readonly testId: string }) {
  const choose = (value: string): void => {
    chooseLanguage(languages.find((language) => language === value) ?? null, localStorage);
    location.reload();
  };
  return (
    <NativeSelect
      size="xs"
      aria-label={text.shell.language.label}
      value={chosenLanguage() ?? asSystem}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: asSystem, label: text.shell.language.system },
        ...languages.map((language) => ({ value: language, label: text.shell.language.names[language] })),
      ]}
      data-testid={testId}
    />
  );
}
