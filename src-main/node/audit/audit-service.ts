import type { QueryAnswer } from '../storage/queries.ts';
import type { Storage } from '../storage/storage.ts';
import type { AuditGenesis } from './chain-walk.ts';
import type { ChainCheck, ChainCheckProgress, CheckLevel } from './verify-chain.ts';

export interface RunningCheck {
  readonly level: CheckLevel;
  /** 0: all. */
  readonly blocks: number;
  readonly startedAtMs: number;
  /** Undefined until the first report. */
  readonly progress: ChainCheckProgress | undefined;
}
export interface FinishedCheck extends ChainCheck {
  readonly level: CheckLevel;
  readonly finishedAtMs: number;
}

/** Something wrong with one of this node's files, in words. */
export interface FileDamage {
  readonly file: 'chain' | 'wallet';
  readonly what: string;
}

export interface AuditOptions {
  readonly storage: Pick<Storage, 'query'>;
  readonly genesis: AuditGenesis;
  readonly chainFile: string;
  readonly walletFile: string;
  readonly nowMs: () => number;
  /** Something is wrong with a file, in words. */
  readonly onFinding: (what: string) => void;
}

/** Every level does what those below it do; 0 blocks are all. */
const coversAll = (now: Pick<RunningCheck, 'level' | 'blocks'>, before: Pick<RunningCheck, 'level' | 'blocks'>): boolean =>
  now.level >= before.level && (now.blocks === 0 || (before.blocks !== 0 && now.blocks >= before.blocks));

/** What a person can have looked over while the node runs. Nothing here changes anything. */
export class AuditService {
  readonly #options: AuditOptions;
  #running: RunningCheck | undefined;
  #last: FinishedCheck | undefined;
  /** What the last check of each kind found. */
  #badBlock: (Pick<RunningCheck, 'level' | 'blocks'> & { readonly what: string }) | undefined;
  #badFile: { readonly [F in FileDamage['file']]?: string } = {};

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /** The check of the chain that is under way: there is one at a time. */
  get running(): RunningCheck | undefined {
    return this.#running;
  }
  /** Since the start. */
  get last(): FinishedCheck | undefined {
    return this.#last;
  }
  /** What was found and stands: a check of the same kind, as thorough, that finds nothing takes it back. The chain's comes first. */
  get damage(): FileDamage | undefined {
    const { chain = this.#badBlock?.what, wallet } = this.#badFile;
    if (chain !== undefined) return { file: 'chain', what: chain };
    return wallet === undefined ? undefined : { file: 'wallet', what: wallet };
  }

  /** Undefined before the genesis is stored. Rejects with OperationalError. Asked for while one is running, it would only wait: the caller looks first. */
  async verifyChain(level: CheckLevel, blocks: number): Promise<FinishedCheck | undefined> {
    const { storage, genesis, nowMs, onFinding, chainFile } = this.#options;
    const running = { level, blocks, startedAtMs: nowMs(), progress: undefined };
    this.#running = running;
    try {
      const check = await storage.query('verifyChain', { level, blocks, genesis }, (progress) => {
        this.#running = { ...running, progress };
      });
      if (check === undefined) return undefined;
      this.#last = { ...check, level, finishedAtMs: nowMs() };
      if (check.problem !== undefined) {
        const what = `block ${check.problem.height}: ${check.problem.what}`;
        this.#badBlock = { level, blocks, what };
        onFinding(`${chainFile}: ${what}`);
      } else if (this.#badBlock !== undefined && coversAll({ level, blocks }, this.#badBlock)) this.#badBlock = undefined;
      return this.#last;
    } finally {
      this.#running = undefined;
    }
  }

  /** SQLite's own check of both files, and the coin set against the tip: what is wrong, in words. Rejects with OperationalError. */
  async checkFiles(): Promise<{ readonly chain: readonly string[]; readonly wallet: readonly string[] }> {
    const { storage, chainFile, walletFile, onFinding } = this.#options;
    const [chain, wallet] = await Promise.all([storage.query('integrity', {}), storage.query('fileIntegrity', { file: walletFile })]);
    this.#badFile = { ...(chain[0] !== undefined && { chain: chain[0] }), ...(wallet[0] !== undefined && { wallet: wallet[0] }) };
    for (const what of chain) onFinding(`${chainFile}: ${what}`);
    for (const what of wallet) onFinding(`${walletFile}: ${what}`);
    return { chain, wallet };
  }

  /** With what the chain has issued. Undefined before the genesis. */
  coinSet(): Promise<QueryAnswer<'utxoSetInfo'>> {
    const { storage, genesis } = this.#options;
    return storage.query('utxoSetInfo', { genesis });
  }
}
