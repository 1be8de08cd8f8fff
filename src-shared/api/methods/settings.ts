import * as z from 'zod';
import { noParams } from '../fields.ts';
import { method } from '../method.ts';

/** As a file has it; null where there is none. */
const written = z.union([z.string().max(1_000), z.number(), z.boolean(), z.array(z.string().max(2_000)).max(1_000)]);

export const setting = z.object({
  key: z.string().describe('as in config.toml and settings.json'),
  group: z.enum(['node', 'limits']),
  kind: z.enum(['text', 'choice', 'boolean', 'list', 'number']),
  meaning: z.string(),
  form: z.string().describe('what may be written'),
  choices: z.array(z.string()).optional(),
  unit: z.string().optional().describe('of a number'),
  min: z.number().optional(),
  max: z.number().optional(),
  default: written.nullable().describe('null: none'),
  value: written.nullable().describe('with which this node starts next; null: none'),
  source: z.enum(['default', 'config.toml', 'settings.json', 'command-line']).describe('what says so'),
  fixed: z.boolean().describe('`changesettings` cannot change it: the command line says it, or it is not for a program to decide'),
  pending: z.boolean().describe('it has changed since this node started'),
});
export type Setting = z.output<typeof setting>;

const preferences = z.object({
  startatlogin: z.boolean().nullable().describe('null: this host cannot'),
  keepawake: z.boolean().nullable().describe('while the masternode is active; null: this host cannot'),
});

export const settingsMethods = {
  getsettings: method({
    group: 'control',
    summary: 'Every setting of this node: meaning, default, value and what says so.',
    request: noParams,
    response: z.object({
      configfile: z.string().describe('its owner’s'),
      settingsfile: z.string().describe('what `changesettings` writes'),
      canrestart: z.boolean().describe('`changesettings` can start this node anew'),
      settings: z.array(setting),
    }),
    errors: ['misc-error'],
  }),
  changesettings: method({
    group: 'control',
    summary: 'Changes settings.json. What this node would refuse to start with is not written. All of it holds from the next start on.',
    request: z.strictObject({
      changes: z.record(z.string().max(64), written.nullable()).describe('by key; null takes it out of the file'),
      restart: z.boolean().default(false).describe('start the node anew at once, where the host can'),
    }),
    response: z.object({ restarting: z.boolean() }),
    errors: ['invalid-parameter', 'misc-error'],
  }),
  getpreferences: method({ group: 'control', summary: 'What the app does on this machine.', request: noParams, response: preferences, errors: [] }),
  setpreferences: method({
    group: 'control',
    summary: 'Changes what the app does on this machine, at once.',
    request: z.strictObject({ startatlogin: z.boolean().optional(), keepawake: z.boolean().optional() }),
    response: preferences,
    errors: ['invalid-parameter', 'misc-error'],
  }),
};
