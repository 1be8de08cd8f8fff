import type { NetLimits } from '../../../src-shared/domain/net-limits.ts';

export type PlaceLimits = Pick<NetLimits, 'maxPeers' | 'maxOutbound' | 'masternodeSlotsPercent' | 'masternodeSlotsMin' | 'masternodeSlotsMax'>;

/** How the `maxPeers` places are shared out (protocol section 10). Strangers are those that are not in the snapshot. */
export interface Places {
  readonly all: number;
  /** That strangers never take. */
  readonly reserved: number;
  /** At most, inbound and outbound together. */
  readonly strangers: number;
  /** Of those, how many are for own dials: nobody who comes by himself takes them while there is somebody to dial. */
  readonly ownStrangers: number;
  /** Own dials to masternodes and strangers together. */
  readonly outbound: number;
}

/**
 * clamp(percent, min, max) of all places is kept for masternodes, as far as there are any, and never more than half: a node that few may
 * connect to is still somebody's peer. Of the rest own dials take a little less than half. Each connection is inbound at one of its ends,
 * so a network whose nodes all dial for more than half of their places is full, and lets nobody new in.
 */
export function placesOf(limits: PlaceLimits, masternodes: number): Places {
  const { maxPeers, maxOutbound, masternodeSlotsPercent, masternodeSlotsMin, masternodeSlotsMax } = limits;
  const share = Math.floor((maxPeers * masternodeSlotsPercent) / 100);
  const wanted = Math.min(Math.max(share, masternodeSlotsMin), masternodeSlotsMax);
  const reserved = Math.min(wanted, masternodes, Math.floor(maxPeers / 2));
  const strangers = maxPeers - reserved;
  const half = Math.max(1, Math.floor(strangers / 2) - 1);
  return { all: maxPeers, reserved, strangers, ownStrangers: Math.min(half, Math.ceil((maxOutbound * strangers) / maxPeers)), outbound: maxOutbound };
}

/** How many places are taken, attempts of our own included. */
export interface Census {
  readonly masternodes: number;
  readonly inboundStrangers: number;
  readonly outboundStrangers: number;
  /** Outbound, whoever they are to, but for those that the configuration names. */
  readonly ownDials: number;
}

const total = ({ masternodes, inboundStrangers, outboundStrangers }: Census): number => masternodes + inboundStrangers + outboundStrangers;

/** How many dials of each kind there is room for now. A configured address needs a place and nothing else. */
export interface DialRoom {
  readonly configured: number;
  readonly masternode: number;
  readonly peer: number;
  /** How many strangers of one network (/16) may be dialled: a share, once half of the places for that are taken. */
  readonly perGroup: number;
}

/** One network gets a quarter of the second half of own dials: with half of all it could not yet cut a node off, with all of them it could. */
const groupShare = 1 / 4;
const minPerGroup = 2;

/**
 * With fewer peers than this a node dials beyond its share: where there are fewer places than nodes a share may be a single dial, and one peer or
 * two could show it any world they like. One more than the three that outvote a liar, since the youngest of them may have to go for a newcomer.
 */
export const fewPeers = 4;

export function dialRoom(places: Places, census: Census): DialRoom {
  const { inboundStrangers, outboundStrangers, ownDials } = census;
  const free = Math.max(0, places.all - total(census));
  const own = Math.max(0, places.outbound - ownDials);
  // Inbound strangers may use what own dials had no use for, and make room when they do.
  const taken = outboundStrangers + Math.min(inboundStrangers, places.strangers - places.ownStrangers);
  const share = Math.min(places.ownStrangers - outboundStrangers, places.strangers - taken, places.all - census.masternodes - taken);
  const missing = Math.min(fewPeers - total(census), places.strangers - inboundStrangers - outboundStrangers, free);
  const peer = Math.max(share, missing);
  const isTight = 2 * outboundStrangers >= places.ownStrangers;
  const perGroup = isTight ? Math.max(minPerGroup, Math.ceil(places.ownStrangers * groupShare)) : Number.POSITIVE_INFINITY;
  return { configured: free, masternode: Math.min(free, own), peer: Math.max(0, Math.min(peer, own)), perGroup };
}

/** Whether one more stranger who comes by himself has a place. `dialable`: strangers that own dials could still reach. */
export function hasInboundRoom(places: Places, census: Census, dialable: number): boolean {
  const keptForDials = Math.max(0, Math.min(places.ownStrangers - census.outboundStrangers, dialable));
  return total(census) < places.all && census.inboundStrangers + census.outboundStrangers + keptForDials < Math.max(1, places.strangers);
}
export const hasRoom = (places: Places, census: Census): boolean => total(census) < places.all;
