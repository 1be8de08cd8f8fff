import type { MessageBodies } from '../codec/message.ts';
import type { ConnectionId } from '../net/connection-id.ts';
import { DialBackLimits } from '../net/dial-back-limits.ts';
import { formatNetworkAddress, isIp, isLoopback, isPublic, parseNetworkAddress } from '../net/network-address.ts';
import type { ReachabilityView } from '../net/network-state.ts';
import type { Peer } from '../net/peer-connection.ts';
import { placeOf } from '../net/place.ts';
import { type Dialler, ReachabilityCheck, type Verdict } from '../net/reachability-check.ts';
import type { EngineContext } from './context.ts';

/** The peers that come first after a start have company by then, and a port has been mapped. */
const settleMs = 10_000;
const intervalMs = 3_600_000;
/** When nobody could say. */
const retryMs = 300_000;
/** Below, a port is a service of the system; a node that listens there says so in its Hello. */
const firstFreePort = 1_024;
const maxObserved = 5;

/** Whether others can dial this node, and dialling back for those who ask (protocol section 10). */
export class ReachabilityFlow {
  readonly #context: EngineContext;
  readonly #limits = new DialBackLimits();
  #mapped: ReachabilityView['mapped'];
  #check: ReachabilityCheck | undefined;
  #nextCheckMs: number | undefined;
  #verdict: Verdict | undefined;
  #checkedAtMs: number | undefined;
  #timerAtMs: number | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  peerReady(_peer: Peer): void {
    if (this.#check === undefined && this.#nextCheckMs === undefined) this.#checkIn(settleMs);
  }
  peerGone(connection: ConnectionId): void {
    this.#check?.gone(connection);
    this.#goOn();
  }

  /** Now, unless a check is under way. */
  check(): void {
    if (this.#check !== undefined || this.#port === 0) return;
    this.#check = new ReachabilityCheck();
    this.#nextCheckMs = undefined;
    this.#goOn();
  }
  timer(): void {
    const { nowMs } = this.#context;
    this.#timerAtMs = undefined;
    // One that is further off than any is set for was set before the clock was set back.
    if (this.#nextCheckMs !== undefined && (this.#nextCheckMs <= nowMs || this.#nextCheckMs > nowMs + intervalMs)) return this.check();
    this.#check?.expire(nowMs);
    this.#goOn();
  }

  /** A peer that was asked says what came of it. An answer that nobody waits for any more came too late. */
  answered(connection: ConnectionId, { nonce, address, reached }: MessageBodies['DialBackResult']): void {
    const dialled = parseNetworkAddress(address);
    // One that dialled anything but the port it was asked to, at an IP that this node is seen at, has not tried this node.
    const hasTried = dialled !== undefined && dialled.port === this.#port && this.#isOwnHost(dialled.host);
    this.#check?.answered(connection, nonce, hasTried ? { reached, address: formatNetworkAddress(dialled.host, dialled.port) } : undefined);
    this.#goOn();
  }

  /** The router maps a port of its own to this node's, or does no longer: that is what others are told, and what is checked. */
  mapped(external: ReachabilityView['mapped']): void {
    const before = this.#port;
    this.#mapped = external;
    if (this.#context.options.listenPort !== 0) this.#context.peers.setListenPort(this.#port);
    if (this.#port !== before || external !== undefined) this.#checkIn(settleMs);
  }

  /** A peer asks to be dialled: at the IP that it comes from and no other, at a port that may be a node's. */
  requested(connection: ConnectionId, nonce: bigint, port: number): void {
    const { peers, nowMs } = this.#context;
    const tell = (address: string, reached: boolean): void => this.#context.send([connection], { type: 'DialBackResult', body: { nonce, address, reached } });
    const peer = peers.peer(connection);
    const dialBack = peer !== undefined && this.#mayDial(peer, port) ? this.#limits.start(peer.nodeId, peer.remoteHost, nowMs) : undefined;
    if (peer === undefined || dialBack === undefined) return tell('', false);
    const address = formatNetworkAddress(peer.remoteHost, port);
    this.#context.probe(address, peer.nodeId, (reached) => {
      this.#limits.ended(dialBack);
      if (peers.isReady(connection)) tell(address, reached);
    });
  }

  view(): ReachabilityView {
    const observed = this.#observed();
    const host = this.#mapped?.host ?? observed[0]?.host;
    const expected = host === undefined || this.#port === 0 ? undefined : formatNetworkAddress(host, this.#port);
    return {
      state: this.#state(),
      address: this.#verdict?.address ?? expected,
      checkedAtMs: this.#checkedAtMs,
      observed,
      mapped: this.#mapped,
    };
  }

  /** Where others reach this node; 0: nowhere. */
  get #port(): number {
    const { listenPort } = this.#context.options;
    return listenPort === 0 ? 0 : (this.#mapped?.port ?? listenPort);
  }

  #state(): ReachabilityView['state'] {
    if (this.#port === 0) return 'not-listening';
    if (this.#check !== undefined) return 'checking';
    if (this.#verdict === undefined) return 'unknown';
    return this.#verdict.reached ? 'reachable' : 'unreachable';
  }

  /**
   * Who connects through a proxy on this machine has its address, and must not have this machine's services dialled; on networks where an IP
   * means nothing all are on this machine.
   */
  #mayDial({ remoteHost, listenPort }: Peer, port: number): boolean {
    if (!isIp(remoteHost) || (isLoopback(remoteHost) && this.#context.options.limits.maxPeersPerIp > 0)) return false;
    return port >= firstFreePort || (port !== 0 && port === listenPort);
  }

  /** Asks whom there is to ask, and ends the check when it is decided. */
  #goOn(): void {
    const check = this.#check;
    if (check !== undefined) {
      const { nowMs } = this.#context;
      for (const { connection, nonce } of check.next(this.#diallers(), () => this.#newNonce(), nowMs))
        this.#context.send([connection], { type: 'DialBackRequest', body: { nonce, port: this.#port } });
      const outcome = check.outcome();
      if (outcome !== undefined) this.#ended(outcome === 'nobody-knows' ? undefined : outcome);
    }
    this.#setTimer();
  }

  #ended(verdict: Verdict | undefined): void {
    const { nowMs, peers } = this.#context;
    this.#check = undefined;
    // Without peers the next one begins it anew.
    this.#nextCheckMs = peers.ready().length === 0 ? undefined : nowMs + (verdict === undefined ? retryMs : intervalMs);
    if (verdict === undefined) return;
    const before = this.#verdict?.reached;
    this.#verdict = verdict;
    this.#checkedAtMs = nowMs;
    if (before !== verdict.reached) this.#context.publish({ kind: 'reachability', reachable: verdict.reached, address: verdict.address });
  }

  #checkIn(afterMs: number): void {
    if (this.#port === 0 || this.#context.peers.ready().length === 0) return;
    this.#nextCheckMs = this.#context.nowMs + afterMs;
    this.#setTimer();
  }
  #setTimer(): void {
    const atMs = this.#check === undefined ? this.#nextCheckMs : this.#check.nextDueMs();
    if (atMs === this.#timerAtMs) return;
    this.#timerAtMs = atMs;
    this.#context.emit({ kind: 'set-timer', timer: 'reachability', atMs });
  }

  /**
   * Those that this node dialled come first: nobody chose to be one. A peer of the same home network sees what is behind the router; it is asked only
   * where there is no other.
   */
  #diallers(): Dialler[] {
    const { peers, options } = this.#context;
    const ready = peers.ready();
    const outside = ready.filter(({ remoteHost }) => isPublic(remoteHost));
    return (outside.length > 0 ? outside : ready)
      .map((peer) => ({ peer, order: (peer.direction === 'outbound' ? 0 : 1) + options.random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ peer: { connection, remoteHost } }) => ({ connection, network: placeOf(remoteHost).group }));
  }
  #newNonce(): bigint {
    const half = (): bigint => BigInt(Math.floor(this.#context.options.random() * 2 ** 32));
    return (half() << 32n) | half();
  }

  /** As peers see it, or as the router says. Nobody's answer makes this node tell of any other. */
  #isOwnHost(host: string): boolean {
    if (!isIp(host)) return false;
    return host === this.#mapped?.host || this.#context.peers.ready().some((peer) => parseNetworkAddress(peer.observedAddress)?.host === host);
  }
  #observed(): ReachabilityView['observed'] {
    const counts = new Map<string, number>();
    for (const { observedAddress } of this.#context.peers.ready()) {
      const host = parseNetworkAddress(observedAddress)?.host;
      if (host !== undefined) counts.set(host, (counts.get(host) ?? 0) + 1);
    }
    return [...counts]
      .map(([host, peers]) => ({ host, peers }))
      .sort((a, b) => b.peers - a.peers || (a.host < b.host ? -1 : 1))
      .slice(0, maxObserved);
  }
}
