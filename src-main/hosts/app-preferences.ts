import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Request, Response } from '../../src-shared/api/contract.ts';
import { CodedError } from '../node/coded-error.ts';
import { writeFileDurably } from '../node/durable-file.ts';

export type PreferencesState = Response<'getpreferences'>;
export type Preferences = Pick<AppPreferences, 'state' | 'change'>;

/** Of a host that can do none of it: a node of the command line, and an app that a browser shows. */
export const noPreferences: Preferences = {
  state: () => ({ startatlogin: null, keepawake: null }),
  change: () => Promise.reject(new CodedError('invalid-parameter', 'Only the app with a window of its own can do that.')),
};

/** A file that is missing or broken is none. */
const stored = z.object({ keepawake: z.boolean() });

export interface AppPreferencesOptions {
  /** Of all networks: this is about the machine. */
  readonly dataRoot: string;
  /** Undefined where the system offers no such thing. */
  readonly login: LoginStart | undefined;
  readonly onKeepAwake: (wanted: boolean) => void;
}

/** Whether the system starts the app when somebody logs in; the system is who remembers it. */
export interface LoginStart {
  isOn(): boolean;
  set(on: boolean): void;
}

/** What the app does on this machine: kept in `preferences.json` of the data folder, and by the system. */
export class AppPreferences {
  readonly #options: AppPreferencesOptions;
  #keepAwake: boolean;

  constructor(options: AppPreferencesOptions) {
    this.#options = options;
    this.#keepAwake = readKeepAwake(options.dataRoot);
    options.onKeepAwake(this.#keepAwake);
  }

  state(): PreferencesState {
    return { startatlogin: this.#options.login?.isOn() ?? null, keepawake: this.#keepAwake };
  }

  /** Throws CodedError for what this system cannot do; nothing is changed then. */
  async change({ startatlogin, keepawake }: Request<'setpreferences'>): Promise<PreferencesState> {
    const { dataRoot, login, onKeepAwake } = this.#options;
    if (startatlogin !== undefined) {
      if (login === undefined) throw new CodedError('invalid-parameter', 'This system does not let an app start at login.');
      login.set(startatlogin);
    }
    if (keepawake !== undefined) {
      await mkdir(dataRoot, { recursive: true, mode: 0o700 });
      await writeFileDurably(fileOf(dataRoot), Buffer.from(`${JSON.stringify({ keepawake }, undefined, 2)}\n`), 0o600);
      this.#keepAwake = keepawake;
      onKeepAwake(keepawake);
    }
    return this.state();
  }
}

const fileOf = (dataRoot: string): string => join(dataRoot, 'preferences.json');

/** On until somebody says otherwise: a masternode that sleeps loses its pay. */
function readKeepAwake(dataRoot: string): boolean {
  try {
    return stored.parse(JSON.parse(readFileSync(fileOf(dataRoot), 'utf8'))).keepawake;
  } catch {
    return true;
  }
}
