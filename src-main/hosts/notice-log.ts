import type { LogPart } from '../../src-shared/domain/log-lines.ts';
import type { Logger, NodeLog } from '../node/logging/logger.ts';
import type { PortMappingView } from '../node/nat/port-mapping-view.ts';
import type { NodeNotice } from '../node/notice.ts';
import type { Repair } from '../node/storage/repair.ts';

const parts: Record<NodeNotice['kind'], LogPart> = {
  'discovery-answered': 'peers',
  'discovery-failed': 'peers',
  'port-mapping': 'peers',
  repair: 'storage',
  'repair-ended': 'storage',
  'new-genesis': 'storage',
  'no-countries': 'peers',
};

/** What the node finds out about the world around it, in the log's words. */
export function logNotice({ of }: Pick<NodeLog, 'of'>, notice: NodeNotice): void {
  const log = of(parts[notice.kind]);
  switch (notice.kind) {
    case 'discovery-answered':
      return log.info('addresses were listed', { source: notice.source, name: notice.name, found: notice.found, skipped: notice.skipped });
    case 'discovery-failed':
      return log.warn('a source of addresses failed', { source: notice.source, name: notice.name, reason: notice.reason });
    case 'repair':
      return logRepair(log, notice.repair);
    case 'repair-ended':
      return log.warn('a repair that was interrupted is done; the chain is fetched anew', { damagedFile: notice.setAside });
    case 'new-genesis':
      return log.info('the network has a new genesis, and decided nothing under the old one: the chain begins anew', { oldFile: notice.setAside });
    case 'no-countries':
      return log.warn('the countries of addresses are not known', { reason: notice.reason });
    case 'port-mapping':
      return logMapping(log, notice.view);
  }
}

function logRepair(log: Pick<Logger, 'info' | 'warn'>, repair: Repair | undefined): void {
  if (repair === undefined) return log.info('nothing is damaged: nothing was repaired');
  const { damage, setAside, kept } = repair;
  const lost = Object.entries(kept).flatMap(([table, { whole }]) => (whole ? [] : [table]));
  const fields = { damage, damagedFile: setAside, guardRecords: kept.guard.rows, evidence: kept.evidence.rows, incomplete: lost.join(' ') };
  log.warn('the database was damaged: it is set aside, and the chain is fetched anew; nothing is signed until an epoch begins after all that was', fields);
}

function logMapping(log: Pick<Logger, 'info'>, view: PortMappingView): void {
  if (view.state === 'mapped') {
    const { method, gateway, external, lastError } = view;
    const fields = { method, gateway, external: `${external.host ?? 'unknown'}:${external.port}` };
    return log.info('the router forwards a port', lastError === undefined ? fields : { ...fields, lastError });
  }
  // Most nodes that nobody forwards a port to do not need one: servers, and homes whose owner has opened it.
  if (view.state === 'failed') log.info('the router forwards no port', { reason: view.lastError });
}
