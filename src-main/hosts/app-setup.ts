import type { Request, Response } from '../../src-shared/api/contract.ts';
import { CodedError } from '../node/coded-error.ts';
import { ConfigError } from '../node/config/config-keys.ts';
import type { AppNetwork } from './app-options.ts';

export type SetupState = Response<'getsetup'>;

export interface AppSetupOptions {
  readonly network: AppNetwork;
  /** The command line named it. */
  readonly networkFixed: boolean;
  readonly done: boolean;
  readonly masternode: boolean;
  /** A practice network's node, or one whose config.toml says what it is. */
  readonly roleFixed: boolean;
  readonly remember: (choice: { readonly network: AppNetwork; readonly done: boolean }) => Promise<void>;
  /** Writes the role to the settings of the network that runs. */
  readonly saveRole: (masternode: boolean) => Promise<void>;
  /** Ends this run of the node and begins another one, with what was remembered. */
  readonly restart: () => void;
}

const choosable: readonly AppNetwork[] = ['practice', 'testnet', 'mainnet'];

export type Setup = Pick<AppSetup, 'state' | 'choose'>;

/** Of a node that is started by its command line alone: nothing is chosen through its doors. */
export const settledSetup = (network: AppNetwork, masternode: boolean): Setup =>
  new AppSetup({
    network,
    networkFixed: true,
    done: true,
    masternode,
    roleFixed: true,
    remember: () => Promise.resolve(),
    saveRole: () => Promise.resolve(),
    restart: () => undefined,
  });

/** What the first start chooses, and what comes of it. */
export class AppSetup {
  readonly #options: AppSetupOptions;
  #done: boolean;

  constructor(options: AppSetupOptions) {
    this.#options = options;
    this.#done = options.done;
  }

  state(): SetupState {
    const { network, networkFixed, masternode, roleFixed } = this.#options;
    return {
      network,
      networks: networkFixed ? [network] : [...choosable],
      role: masternode ? 'masternode' : 'wallet',
      rolefixed: roleFixed,
      done: this.#done,
    };
  }

  /** Throws CodedError for what cannot be chosen; nothing is changed then. */
  async choose({ network, role, done = this.#done }: Request<'setup'>): Promise<{ readonly restarting: boolean }> {
    const now = this.state();
    const next = network ?? now.network;
    if (!now.networks.includes(next)) throw new CodedError('invalid-parameter', `This app was started for ${now.network} alone.`);
    const roleChanges = role !== undefined && role !== now.role;
    if (roleChanges && (now.rolefixed || next !== now.network)) throw new CodedError('invalid-parameter', 'The role of this node cannot be chosen here.');
    if (roleChanges) await this.#save(role === 'masternode');
    if (next !== now.network || done !== this.#done) await this.#options.remember({ network: next, done });
    this.#done = done;
    const restarting = roleChanges || next !== now.network;
    if (restarting) this.#options.restart();
    return { restarting };
  }

  async #save(masternode: boolean): Promise<void> {
    try {
      await this.#options.saveRole(masternode);
    } catch (error) {
      if (error instanceof ConfigError) throw new CodedError('misc-error', error.message);
      throw error;
    }
  }
}
