import type * as z from 'zod';
import { namedParameters } from '../../../src-shared/api/call-line.ts';
import { isMethodName, type MethodName, methods, subcommandOf } from '../../../src-shared/api/contract.ts';
import { helpText, noSuchMethod } from '../../../src-shared/api/help.ts';
import type { ApiError, MethodGroup, Reply } from '../../../src-shared/api/method.ts';
import type { controlMethods } from '../../../src-shared/api/methods/control.ts';
import type { healthMethods } from '../../../src-shared/api/methods/health.ts';
import type { logMethods } from '../../../src-shared/api/methods/logs.ts';
import type { setupMethods } from '../../../src-shared/api/methods/setup.ts';
import { type LogLine, logLevels } from '../../../src-shared/domain/log-lines.ts';
import { CodedError } from '../../node/coded-error.ts';
import type { Logger } from '../../node/logging/logger.ts';
import { OperationalError } from '../../node/operational-error.ts';
import { auditHandlers } from './audit-handlers.ts';
import { branchHandlers } from './branch-handlers.ts';
import { chainHandlers } from './chain-handlers.ts';
import { consensusHandlers } from './consensus-handlers.ts';
import { explorerHandlers } from './explorer-handlers.ts';
import type { Handler, Handlers, HandlersOf } from './handler.ts';
import { masternodeHandlers } from './masternode-handlers.ts';
import { networkHandlers } from './network-handlers.ts';
import type { NodeServices } from './node-services.ts';
import { healthOf } from './present-health.ts';
import { logPositionOf } from './present-logs.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { transactionHandlers } from './transaction-handlers.ts';
import { walletHandlers } from './wallet-handlers.ts';

/** Which front door a call came through; for logs. */
export type Door = 'window' | 'page' | 'rpc';

/** One registry behind every door. Never throws: what goes wrong is in the reply. */
export interface Api {
  /** `params`: an object, or a list in the order of the method's parameters; undefined or null is none. */
  call(method: string, params: unknown, door: Door): Promise<Reply<unknown>>;
}

export function createApi(services: NodeServices, log: Logger): Api {
  const handlers: Handlers = {
    ...chainHandlers(services),
    ...branchHandlers(services),
    ...auditHandlers(services),
    ...explorerHandlers(services),
    ...networkHandlers(services),
    ...consensusHandlers(services),
    ...masternodeHandlers(services),
    ...transactionHandlers(services),
    ...walletHandlers(services),
    ...controlHandlers(services),
    ...settingsHandlers(services),
  };
  return {
    call: async (method, params, door) => {
      try {
        return { ok: true, value: await handle(handlers, services, method, params) };
      } catch (error) {
        return { ok: false, error: apiErrorOf(error, method, door, log) };
      }
    },
  };
}

/**
 * Whose answers tell what this node has decided, counted or been paid: like messages to peers they leave when that is on the disk (protocol section 13),
 * so that nobody is told what a kill can still undo. The others are there also while a disk hangs.
 */
const reliesOnDisk: Record<MethodGroup, boolean> = {
  chain: true,
  network: false,
  consensus: true,
  masternodes: true,
  transactions: true,
  wallet: true,
  control: false,
};

async function handle(handlers: Handlers, services: NodeServices, said: string, given: unknown): Promise<unknown> {
  const { method, params } = resolved(said, given);
  if (!isMethodName(method)) throw codedOf(noSuchMethod(method).error);
  const named = Array.isArray(params) ? taken(namedParameters(method, params)) : (params ?? {});
  const request = methods[method].request.safeParse(named);
  if (!request.success) throw new CodedError('invalid-params', wordsOf(method, request.error));
  // The table's type ties the name to the request, which the compiler cannot see through a variable.
  const value = await (handlers[method] as Handler<MethodName>)(request.data as never);
  if (reliesOnDisk[methods[method].group]) await services.storage.settled();
  return value;
}

const codedOf = ({ code, message, data }: ApiError): CodedError => new CodedError(code, message, data);

function taken<T>(reply: Reply<T>): T {
  if (!reply.ok) throw codedOf(reply.error);
  return reply.value;
}

/** A command behind one word is a method of its own. */
function resolved(method: string, params: unknown): { readonly method: string; readonly params: unknown } {
  if (Array.isArray(params)) {
    const command = subcommandOf(method, params[0]);
    return command === undefined ? { method, params } : { method: command, params: params.slice(1) };
  }
  const { command: name, ...rest } = (params ?? {}) as { readonly command?: unknown };
  const command = subcommandOf(method, name);
  return command === undefined ? { method, params } : { method: command, params: rest };
}

const wordsOf = (method: MethodName, error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${[method, ...path.map(String)].join('.')}: ${message}`)
    .join('; ');

function apiErrorOf(error: unknown, method: string, door: Door, log: Logger): ApiError {
  if (error instanceof CodedError) return { code: error.code, message: error.message, ...(error.data === undefined ? {} : { data: error.data }) };
  if (error instanceof OperationalError) {
    log.warn('a call could not be answered', { method, door, code: error.code });
    return { code: 'misc-error', message: error.whatToDo, data: { reason: error.code } };
  }
  log.error('a call failed', { method, door, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return { code: 'internal', message: 'This is a fault of the program; its log says more.' };
}

function controlHandlers(services: NodeServices): HandlersOf<typeof controlMethods & typeof healthMethods & typeof logMethods & typeof setupMethods> {
  const { info, setup, logs } = services;
  return {
    uptime: () => Math.floor(services.uptimeMs() / 1_000),
    getnodeinfo: () => ({
      version: info.version,
      chain: info.network.name,
      nodeid: info.nodeId,
      masternode: info.masternode,
      p2p: info.p2pAddress,
      datadir: info.dataDirectory,
      practice: info.practice,
    }),
    help: ({ command }) => taken(helpText(command)),
    gethealth: () => healthOf(services),
    getlogs: ({ count, level, part, after }) => {
      const wanted = (line: LogLine): boolean => logLevels.indexOf(line.level) <= logLevels.indexOf(level) && (part === undefined || line.part === part);
      return { ...logPositionOf(services), lines: after === undefined ? logs.newest(count, wanted) : logs.after(after, count, wanted) };
    },
    getsetup: () => setup.state(),
    setup: (request) => setup.choose(request),
    stop: () => {
      services.requestStop();
      return 'TIME node stopping';
    },
  };
}
