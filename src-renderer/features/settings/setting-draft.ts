import type { Request, Response } from '../../../src-shared/api/contract.ts';

export type Setting = Response<'getsettings'>['settings'][number];
type Changes = Request<'changesettings'>['changes'];
type Written = Setting['value'];

/** Written by whoever changes it; as one line for each where there are several. Nothing: what holds without it. */
export function typedOf(value: Written): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

export type ReadSetting = { readonly ok: true; readonly value: Written } | { readonly ok: false };

/** What was typed, as the file would have it. Only its form is looked at: the node knows what it would start with. */
export function readTyped({ kind, min, max }: Pick<Setting, 'kind' | 'min' | 'max'>, typed: string): ReadSetting {
  const trimmed = typed.trim();
  switch (kind) {
    case 'list':
      return { ok: true, value: trimmed === '' ? [] : trimmed.split(/[\s,]+/) };
    case 'boolean':
      return trimmed === 'true' || trimmed === 'false' ? { ok: true, value: trimmed === 'true' } : { ok: false };
    case 'number': {
      // As in the files, whatever the language: with a point.
      const value = /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
      return value >= (min ?? 0) && value <= (max ?? Number.MAX_SAFE_INTEGER) ? { ok: true, value } : { ok: false };
    }
    default:
      return trimmed === '' ? { ok: false } : { ok: true, value: trimmed };
  }
}

/** By key: what was typed, or null for going back to what holds without settings.json. */
export type Draft = Readonly<Record<string, string | null>>;

/** Without what is as it was. */
export function edited(draft: Draft, setting: Setting, typed: string | null): Draft {
  const { [setting.key]: _, ...others } = draft;
  const same = typed === null ? setting.source !== 'settings.json' : typed === typedOf(setting.value);
  return same ? others : { ...others, [setting.key]: typed };
}

/** What to ask of the node. Undefined while something typed is no value, or nothing was. */
export function changesOf(draft: Draft, settings: readonly Setting[]): Changes | undefined {
  const changes: Changes = {};
  for (const setting of settings) {
    const typed = draft[setting.key];
    if (typed === undefined) continue;
    const read: ReadSetting = typed === null ? { ok: true, value: null } : readTyped(setting, typed);
    if (!read.ok) return undefined;
    changes[setting.key] = read.value;
  }
  return Object.keys(changes).length === 0 ? undefined : changes;
}
