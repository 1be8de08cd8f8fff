import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FarCable, FarCableReport } from './far-cable.ts';
import { makeFarNetwork } from './far-network.ts';
import { NamespacedNode } from './namespaced-node.ts';
import { Namespaces } from './namespaces.ts';

const cableFile = join(import.meta.dirname, 'far-cable.ts');

/** Real nodes, each in a namespace of its own, and a long way between any two. */
export class FarApart {
  readonly nodes: readonly NamespacedNode[];
  readonly #namespaces: Namespaces;
  readonly #directory: string;
  readonly #stopCable: () => Promise<FarCableReport>;

  private constructor(nodes: readonly NamespacedNode[], namespaces: Namespaces, directory: string, stopCable: () => Promise<FarCableReport>) {
    this.nodes = nodes;
    this.#namespaces = namespaces;
    this.#directory = directory;
    this.#stopCable = stopCable;
  }

  static async start(count: number, way: Omit<FarCable, 'ports'>): Promise<FarApart> {
    const names = Array.from({ length: count }, (_, index) => `node-${index}`);
    const namespaces = await Namespaces.make('hub', ...names);
    const directory = mkdtempSync(join(tmpdir(), 'time-netns-'));
    try {
      const ports = await Promise.all(names.map((name, index) => plugIn(namespaces, name, index, directory)));
      const stopCable = await startCable(namespaces, { ...way, ports });
      const datadirs = await makeFarNetwork(
        join(directory, 'network'),
        names.map((_, index) => ({ host: hostOf(index) })),
      );
      const nodes = names.map((name, index) => new NamespacedNode(namespaces, name, datadirs[index]!));
      await Promise.all(nodes.map((node) => node.start()));
      return new FarApart(nodes, namespaces, directory, stopCable);
    } catch (error) {
      await namespaces.remove();
      rmSync(directory, { recursive: true });
      throw error;
    }
  }

  /** What the cable has carried. Nothing is carried after that. */
  cut(): Promise<FarCableReport> {
    return this.#stopCable();
  }

  async remove(): Promise<void> {
    await this.#namespaces.remove();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const hostOf = (index: number): string => `10.77.0.${index + 1}`;

/** Leads an interface of the namespace to a device in the hub. Segments are cut by the sender: a lost frame is one segment, as on a real way. */
async function plugIn(namespaces: Namespaces, name: string, index: number, directory: string): Promise<FarCable['ports'][number]> {
  const [near, tap, mac] = [`near-${index}`, `tap-${index}`, `02:00:00:00:00:0${index + 1}`];
  await namespaces.cable({ in: name, device: 'eth0', address: `${hostOf(index)}/24` }, { in: 'hub', device: near });
  await namespaces.ip(name, 'link', 'set', 'eth0', 'address', mac, 'gso_max_segs', '1');
  await namespaces.ip('hub', 'link', 'add', 'link', near, 'name', tap, 'type', 'macvtap', 'mode', 'passthru');
  await namespaces.ip('hub', 'link', 'set', tap, 'up', 'promisc', 'on');
  const number = await namespaces.exec('hub', 'sh', '-c', `cat /sys/class/net/${tap}/tap*/dev`);
  const device = join(directory, tap);
  // The system's own name for it is the same in every namespace.
  await namespaces.exec('hub', 'mknod', device, 'c', ...number.trim().split(':'));
  return { device, mac };
}

async function startCable(namespaces: Namespaces, cable: FarCable): Promise<() => Promise<FarCableReport>> {
  const env = { UV_THREADPOOL_SIZE: String(cable.ports.length + 2) };
  const child = namespaces.spawn('hub', process.execPath, [cableFile, JSON.stringify(cable)], env);
  const lines = createInterface({ input: child.stdout! });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [string];
  if (line !== 'ready') throw new Error(`the cable ended with ${line}: ${errors}`);
  return async () => {
    const report = once(lines, 'line');
    child.stdin.end();
    return JSON.parse(((await report) as [string])[0]) as FarCableReport;
  };
}
