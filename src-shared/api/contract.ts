import type * as z from 'zod';
import { answerTimeoutsMs } from './method.ts';
import { auditMethods } from './methods/audit.ts';
import { branchMethods } from './methods/branches.ts';
import { chainMethods } from './methods/chain.ts';
import { consensusMethods } from './methods/consensus.ts';
import { controlMethods } from './methods/control.ts';
import { explorerMethods } from './methods/explorer.ts';
import { healthMethods } from './methods/health.ts';
import { logMethods } from './methods/logs.ts';
import { masternodeMethods } from './methods/masternodes.ts';
import { networkMethods } from './methods/network.ts';
import { settingsMethods } from './methods/settings.ts';
import { setupMethods } from './methods/setup.ts';
import { transactionMethods } from './methods/transactions.ts';
import { walletMethods } from './methods/wallet.ts';

/** Every method there is, declared once. */
export const methods = {
  ...chainMethods,
  ...branchMethods,
  ...auditMethods,
  ...explorerMethods,
  ...networkMethods,
  ...consensusMethods,
  ...masternodeMethods,
  ...transactionMethods,
  ...walletMethods,
  ...controlMethods,
  ...healthMethods,
  ...logMethods,
  ...setupMethods,
  ...settingsMethods,
};

export type MethodName = keyof typeof methods;
/** What a caller gives: defaults may be left out. */
export type Request<M extends MethodName> = z.input<(typeof methods)[M]['request']>;
/** What a handler gets: validated, defaults filled in. */
export type ParsedRequest<M extends MethodName> = z.output<(typeof methods)[M]['request']>;
export type Response<M extends MethodName> = z.output<(typeof methods)[M]['response']>;

/** `Object.hasOwn`, so that "constructor" is not a method. */
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** Of what is no method: as of any other. */
export const answerTimeoutMs = (name: string): number => (isMethodName(name) && methods[name].slow === true ? answerTimeoutsMs.slow : answerTimeoutsMs.usual);

/**
 * `masternode register …` is `masternoderegister …`: Dash has its commands behind one word, and people know that. `first` of a list of parameters, or what
 * is named `command`. Undefined where there is no such command.
 */
export const subcommandOf = (name: string, first: unknown): MethodName | undefined => {
  const joined = `${name}${String(first)}`;
  return name === 'masternode' && isMethodName(joined) ? joined : undefined;
};
