import type { NodeId } from '../../../src-shared/domain/ids.ts';

/** Who is not let in: a node, or everybody from a network of IPs (`parseSubnet`'s form). */
export type BanSubject = { readonly kind: 'node'; readonly nodeId: NodeId } | { readonly kind: 'network'; readonly subnet: string };

export interface Ban {
  readonly subject: BanSubject;
  readonly createdMs: number;
  /** Undefined: until an operator lifts it. */
  readonly untilMs: number | undefined;
  readonly reason: string;
  readonly by: 'operator' | 'violations';
}

/** One for each subject: what tables are keyed by. */
export const banKey = (subject: BanSubject): string => (subject.kind === 'node' ? subject.nodeId : subject.subnet);
