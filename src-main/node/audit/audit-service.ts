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

export interface AuditOptions {
  readonly storage: Pick<Storage, 'query'>;
  readonly genesis: AuditGenesis;
  readonly chainFile: string;
  readonly walletFile: string;
  readonly nowMs: () => number;
  /** Something is wrong with a file, in words. */
  readonly onFinding: (what: string) => void;
}

/** What a person can have looked over while the node runs. Nothing here changes anything. */
export class AuditService {
  readonly #options: AuditOptions;
  #running: RunningCheck | undefined;
  #last: FinishedCheck | undefined;

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
      if (check.problem !== undefined) onFinding(`${chainFile}: block ${check.problem.height}: ${check.problem.what}`);
      return this.#last;
    } finally {
      this.#running = undefined;
    }
  }

  /** SQLite's own check of both files, and the coin set against the tip: what is wrong, in words. Rejects with OperationalError. */
  async checkFiles(): Promise<{ readonly chain: readonly string[]; readonly wallet: readonly string[] }> {
    const { storage, chainFile, walletFile, onFinding } = this.#options;
    const [chain, wallet] = await Promise.all([storage.query('integrity', {}), storage.query('fileIntegrity', { file: walletFile })]);
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
