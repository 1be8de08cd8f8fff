import type { Command } from 'commander';

/**
 * `-datadir=DIR`, `-version` and `-?` are how Bitcoin Core's programs have it, and fingers and scripts know that: options with one dash, of those that the
 * program has, get their second. `end`: how many of the arguments are the program's own.
 */
export function withTwoDashes(args: readonly string[], program: Command, end = args.length): string[] {
  const long = new Set([...program.options.map((option) => option.long), '--help']);
  return args.map((arg, index) => {
    if (index >= end) return arg;
    if (arg === '-?') return '--help';
    return long.has(`-${arg.split('=')[0]}`) ? `-${arg}` : arg;
  });
}
