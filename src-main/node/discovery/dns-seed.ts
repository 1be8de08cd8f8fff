import type { SharedAddress } from '../../core/codec/message.ts';
import { formatNetworkAddress } from '../../core/net/network-address.ts';

/** From one seed. Bitcoin's give some 25; a resolver's answer holds some hundreds. */
export const maxSeedAddresses = 256;

/** A part of `node:dns`'s Resolver, which unlike `lookup` holds no thread while it waits and can be told to give up. */
export interface SeedResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
}

/** What the name has: A and AAAA, each with this port. Rejects only where neither is answered, with an Error that says why. */
export async function resolveSeed(resolver: SeedResolver, name: string, port: number): Promise<readonly SharedAddress[]> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const hosts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failure = answers.find((answer) => answer.status === 'rejected' && !hasNoSuchRecord(answer.reason));
  if (hosts.length === 0 && failure?.status === 'rejected') throw new Error(wordsOf(failure.reason), { cause: failure.reason });
  return [...new Set(hosts)].slice(0, maxSeedAddresses).map((host) => ({ address: formatNetworkAddress(host, port), nodeId: undefined }));
}

/** A name with addresses of one family only is an ordinary one. */
const hasNoSuchRecord = (reason: unknown): boolean => (reason as NodeJS.ErrnoException).code === 'ENODATA';

const wordsOf = (reason: unknown): string => (reason as NodeJS.ErrnoException).code ?? (reason instanceof Error ? reason.message : String(reason));
