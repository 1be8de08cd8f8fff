import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Namespaces } from './namespaces.ts';

export const routerHost = '192.168.77.1';
export const homeHost = '192.168.77.2';
/** Addresses that anybody on the Internet could have; nothing leaves this machine. */
export const publicHost = '9.9.9.1';
export const strangerHost = '9.9.9.2';

/** A home behind a router that translates addresses, as miniupnpd wants its tables, and lets nothing in that it was not asked for. */
const tables = (blockedPort: number): string => `
table inet filter {
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan" tcp dport ${blockedPort} drop
    iifname "lan" accept
    jump miniupnpd
  }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain postrouting { type nat hook postrouting priority 100; oifname "wan" masquerade; jump postrouting_miniupnpd; }
}
`;
const configuration = (pcp: boolean): string => `
ext_ifname=wan
listening_ip=lan
enable_upnp=yes
enable_natpmp=${pcp ? 'yes' : 'no'}
secure_mode=yes
uuid=11111111-2222-4333-8444-555555555555
allow 1024-65535 0.0.0.0/0 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`;

/** Three networks: `home` behind `router`, and `internet` on its other side. */
export class Home {
  readonly directory: string;
  readonly namespaces: Namespaces;

  private constructor(directory: string, namespaces: Namespaces) {
    this.directory = directory;
    this.namespaces = namespaces;
  }

  /** `pcp`: the router knows PCP and NAT-PMP, else UPnP alone. `blockedPort`: nobody at home reaches it on the Internet. */
  static async start({ pcp, blockedPort }: { readonly pcp: boolean; readonly blockedPort: number }): Promise<Home> {
    const namespaces = await Namespaces.make('router', 'home', 'internet');
    const home = new Home(mkdtempSync(join(tmpdir(), 'time-netns-')), namespaces);
    try {
      await namespaces.cable({ in: 'router', device: 'lan', address: `${routerHost}/24` }, { in: 'home', device: 'eth0', address: `${homeHost}/24` });
      await namespaces.cable({ in: 'router', device: 'wan', address: `${publicHost}/24` }, { in: 'internet', device: 'eth0', address: `${strangerHost}/24` });
      await namespaces.ip('home', 'route', 'add', 'default', 'via', routerHost);
      await namespaces.exec('router', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
      writeFileSync(join(home.directory, 'tables'), tables(blockedPort));
      await namespaces.exec('router', 'nft', '-f', join(home.directory, 'tables'));
      writeFileSync(join(home.directory, 'miniupnpd.conf'), configuration(pcp));
      const daemon = namespaces.spawn('router', 'miniupnpd', ['-d', '-f', join(home.directory, 'miniupnpd.conf'), '-P', join(home.directory, 'pid')]);
      await untilSaid(daemon, pcp ? 'Listening for NAT-PMP/PCP traffic' : 'HTTP listening on port');
      return home;
    } catch (error) {
      await home.remove();
      throw error;
    }
  }

  /** Where the router forwards to: `192.168.77.2:24200`. */
  async forwarded(): Promise<string[]> {
    const rules = await this.namespaces.exec('router', 'nft', 'list', 'chain', 'inet', 'filter', 'prerouting_miniupnpd');
    return [...rules.matchAll(/dnat ip to (\S+)/g)].map(([, to]) => to!);
  }

  async remove(): Promise<void> {
    await this.namespaces.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** It says so on its error output, which is read on: who does not read holds it up. */
function untilSaid(daemon: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = '';
    createInterface({ input: daemon.stderr! }).on('line', (line) => {
      last = line;
      if (line.includes(words)) resolve();
    });
    daemon.once('exit', (code) => reject(new Error(`miniupnpd ended with ${code}: ${last}`)));
  });
}
