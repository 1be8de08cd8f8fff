/** What may go wrong beside what the faulty masternodes do. `disk`: writes fail, and disks are full for a while. `old-chain`: a machine is set up again from an old copy
 * of all but what its guard has signed. `registry` is people's traffic with registrations and collaterals. `operator`: blocks are taken off a node's chain, and put on again. */
const usualFaults = ['loss', 'delay', 'reorder', 'duplicate', 'partition', 'crash', 'disk', 'old-chain', 'registry', 'operator'] as const;
/**
 * `backup` is not among `all`: who is restored from an old copy is told what it forgot by those that it is connected with (protocol section 7, Listen
 * before signing). Beside partitions and crashes, where nobody may be left who knows, it signs twice. And it is silent for an epoch, so it counts
 * with the faulty: together they must be below a third.
 */
export const faultNames = [...usualFaults, 'backup'] as const;
export type FaultName = (typeof faultNames)[number];
export type Faults = ReadonlySet<FaultName>;

/** `all`, `none`, or names with commas between them. Throws RangeError for anything else. */
export function parseNames<N extends string>(text: string, names: readonly N[]): ReadonlySet<N> {
  if (text === 'none') return new Set();
  if (text === 'all') return new Set(names);
  return new Set(
    text.split(',').map((name) => {
      const known = names.find((one) => one === name);
      if (known === undefined) throw new RangeError(`unknown fault ${name}: all, none, or some of ${names.join(',')}`);
      return known;
    }),
  );
}
export const parseFaults = (text: string): Faults => (text === 'all' ? new Set(usualFaults) : parseNames(text, faultNames));

export function formatNames<N extends string>(chosen: ReadonlySet<N>, names: readonly N[]): string {
  if (chosen.size === 0) return 'none';
  return chosen.size === names.length ? 'all' : names.filter((name) => chosen.has(name)).join(',');
}
export const formatFaults = (faults: Faults): string =>
  faults.has('backup') ? faultNames.filter((name) => faults.has(name)).join(',') : formatNames(faults, usualFaults);
