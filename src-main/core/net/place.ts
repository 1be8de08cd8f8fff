import { hostGroup, isIp, isPublic, networkOf } from './network-address.ts';

/** Where a host is, as far as limits and diversity look. */
export interface Place {
  /** What one party cheaply has many of is one. */
  readonly host: string;
  /** What the limit of one network is about: /24 of IPv4, /48 of IPv6. */
  readonly network: string;
  /** What peers are to be spread over: /16 of IPv4, /32 of IPv6. */
  readonly group: string;
  /** Others on the Internet can reach it, or it is a name. */
  readonly isPublic: boolean;
  readonly isIp: boolean;
}

/** Takes a normalised host. */
export const placeOf = (host: string): Place => ({
  host: hostGroup(host),
  network: networkOf(host, { v4: 24, v6: 48 }),
  group: networkOf(host, { v4: 16, v6: 32 }),
  isPublic: isPublic(host),
  isIp: isIp(host),
});
