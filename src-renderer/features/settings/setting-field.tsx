import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { text } from '../../text/text.ts';
import { readTyped, type Setting, typedOf } from './setting-draft.ts';

interface SettingFieldProps {
  readonly setting: Setting;
  /** Undefined: as it is; null: to be taken out of settings.json. */
  readonly typed: string | null | undefined;
  readonly onType: (typed: string | null) => void;
}

const names = text.settings.node;
function shownDefault({ default: value }: Setting): string {
  if (typeof value === 'boolean') return value ? text.common.yes : text.common.no;
  return value === null || (Array.isArray(value) && value.length === 0) ? text.common.none : typedOf(value);
}
/** As it is typed here, which is without the quotation marks and brackets of the files. */
function rangeOf({ kind, form, unit }: Setting): string {
  const plain = form.replaceAll(/^\[|, …\]$|"/g, '');
  if (kind === 'list') return names.perLine(plain);
  return unit === undefined ? plain : names.range(plain, names.units[unit] ?? unit);
}
/** What is chosen from a list shows by itself what it can be. */
const isChosen = ({ kind }: Setting): boolean => kind === 'boolean' || kind === 'choice';

function Control({ setting, shown, onType }: { readonly setting: Setting; readonly shown: string; readonly onType: (typed: string) => void }) {
  const isWrong = !setting.fixed && !readTyped(setting, shown).ok && shown !== typedOf(setting.value);
  const common = {
    size: 'xs' as const,
    'aria-label': setting.key,
    disabled: setting.fixed,
    value: shown,
    error: isWrong ? names.wrong(rangeOf(setting)) : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => onType(event.currentTarget.value),
    'data-testid': `setting-${setting.key}`,
  };
  switch (setting.kind) {
    case 'boolean':
      return (
        <NativeSelect
          {...common}
          data={[
            { value: 'true', label: text.common.yes },
            { value: 'false', label: text.common.no },
          ]}
        />
      );
    case 'choice':
      return <NativeSelect {...common} data={setting.choices ?? []} />;
    case 'list':
      return <Textarea {...common} autosize minRows={1} maxRows={6} />;
    case 'number':
      return <TextInput {...common} inputMode="decimal" />;
    default:
      return <TextInput {...common} />;
  }
}

/** One key of the configuration. Its meaning is the configuration's own, in English like the keys. */
export function SettingField({ setting, typed, onType }: SettingFieldProps) {
  const shown = typed === undefined ? typedOf(setting.value) : typed === null ? typedOf(setting.default) : typed;
  const canRevert = !setting.fixed && typed !== null && (setting.source === 'settings.json' || typed !== undefined);
  return (
    <div className="setting-line" data-testid="setting" data-key={setting.key}>
      <div>
        <p className="mono">{setting.key}</p>
        <p className="small muted" lang="en">
          {setting.meaning.replaceAll('`', '')}
        </p>
        <p className="small muted">
          {[names.standard(shownDefault(setting)), ...(isChosen(setting) ? [] : [rangeOf(setting)]), names.sources[setting.source]].join(' · ')}
          {setting.pending && <span className="tag">{names.nextStart}</span>}
          {typed !== undefined && <span className="tag">{names.changed}</span>}
        </p>
      </div>
      <div className="setting-control">
        <Control setting={setting} shown={shown} onType={onType} />
        {canRevert && (
          <button type="button" className="quiet-button" onClick={() => onType(null)} aria-label={names.revertOne(setting.key)}>
            {names.revert}
          </button>
        )}
      </div>
    </div>
  );
}
