/** What may go wrong beside what the faulty masternodes do. */
export const faultNames = ['loss', 'delay', 'reorder', 'duplicate', 'partition', 'crash'] as const;
export type FaultName = (typeof faultNames)[number];
export type Faults = ReadonlySet<FaultName>;

/** `all`, `none`, or names with commas between them. Throws RangeError for anything else. */
export function parseFaults(text: string): Faults {
  if (text === 'none') return new Set();
  if (text === 'all') return new Set(faultNames);
  return new Set(
    text.split(',').map((name) => {
      const known = faultNames.find((one) => one === name);
      if (known === undefined) throw new RangeError(`unknown fault ${name}: all, none, or some of ${faultNames.join(',')}`);
      return known;
    }),
  );
}

export const formatFaults = (faults: Faults): string => {
  if (faults.size === 0) return 'none';
  return faults.size === faultNames.length ? 'all' : faultNames.filter((name) => faults.has(name)).join(',');
};
