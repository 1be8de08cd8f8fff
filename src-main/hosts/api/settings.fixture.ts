import type { ShownSetting } from '../../node/config/node-settings.ts';

/** One that can be changed, and one that cannot. */
export const shownSettings: readonly ShownSetting[] = [
  {
    key: 'log_level',
    group: 'node',
    kind: 'choice',
    meaning: 'The least important lines that are written.',
    form: '"info"',
    choices: ['info'],
    default: 'info',
    value: 'info',
    source: 'default',
    fixed: false,
    pending: false,
  },
  {
    key: 'genesis_file',
    group: 'node',
    kind: 'text',
    meaning: 'The genesis of a network.',
    form: '"path"',
    default: undefined,
    value: undefined,
    source: 'default',
    fixed: true,
    pending: false,
  },
];
