import type { settingsMethods } from '../../../src-shared/api/methods/settings.ts';
import { CodedError } from '../../node/coded-error.ts';
import { ConfigError } from '../../node/config/config-keys.ts';
import type { WrittenValue } from '../../node/config/node-settings.ts';
import type { HandlersOf } from './handler.ts';
import type { NodeServices } from './node-services.ts';

/** A list that the contract may own. */
const ownValue = (value: WrittenValue | undefined): string | number | boolean | string[] | null => {
  if (value === undefined) return null;
  return typeof value === 'object' ? [...value] : value;
};

/** What is wrong with a file or a value is for whoever changed it. */
function coded(error: unknown, code: 'invalid-parameter' | 'misc-error'): never {
  if (error instanceof ConfigError) throw new CodedError(code, error.message);
  throw error;
}

export function settingsHandlers({ settings, preferences, restart }: NodeServices): HandlersOf<typeof settingsMethods> {
  return {
    getsettings: () => {
      try {
        const { configPath, settingsPath, settings: all } = settings.view();
        return {
          configfile: configPath,
          settingsfile: settingsPath,
          canrestart: restart !== undefined,
          settings: all.map(({ choices, ...setting }) => ({
            ...setting,
            ...(choices === undefined ? {} : { choices: [...choices] }),
            default: ownValue(setting.default),
            value: ownValue(setting.value),
          })),
        };
      } catch (error) {
        return coded(error, 'misc-error');
      }
    },
    changesettings: async ({ changes, restart: wanted }) => {
      if (wanted && restart === undefined) throw new CodedError('invalid-parameter', 'This node cannot start itself anew: stop it, and start it again.');
      try {
        await settings.change(changes);
      } catch (error) {
        coded(error, 'invalid-parameter');
      }
      if (wanted) restart?.('as-it-is');
      return { restarting: wanted };
    },
    getpreferences: () => preferences.state(),
    setpreferences: (request) => preferences.change(request),
  };
}
