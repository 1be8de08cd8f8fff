import type { PortMappingView } from './nat/port-mapping-view.ts';
import type { Repair } from './storage/repair.ts';

/** What a node finds out about the world around it, for the log. Nothing decides by it. */
export type NodeNotice =
  /** `skipped`: entries that are no addresses, or that nobody on the Internet can reach. */
  | { readonly kind: 'discovery-answered'; readonly source: 'dns' | 'http'; readonly name: string; readonly found: number; readonly skipped: number }
  /** Said once for each reason, not at each try. */
  | { readonly kind: 'discovery-failed'; readonly source: 'dns' | 'http'; readonly name: string; readonly reason: string }
  | { readonly kind: 'port-mapping'; readonly view: PortMappingView }
  /** Asked for at the start; undefined: nothing is damaged, and nothing was changed. */
  | { readonly kind: 'repair'; readonly repair: Repair | undefined }
  /** A repair that was interrupted has been ended; where the damaged file is. */
  | { readonly kind: 'repair-ended'; readonly setAside: string }
  /** The network has another genesis than the one that it waited for its launch with; where the old file is. */
  | { readonly kind: 'new-genesis'; readonly setAside: string }
  | { readonly kind: 'no-countries'; readonly reason: string };
