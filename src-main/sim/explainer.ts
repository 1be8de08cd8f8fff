import { appendFileSync, writeFileSync } from 'node:fs';
import type { Cluster } from './cluster.ts';

const shortIdLength = 8;
/** Written in pieces of about this many characters: a run has millions of lines. */
const pieceLength = 1_000_000;

export interface ExplainOptions {
  readonly file: string;
  /** Only lines about this transaction, by its id or the beginning of it, or about this height. */
  readonly follow: string | undefined;
}

/** Writes down who knew what when: every line of a cluster's trace, ids made short, node keys as the names of their nodes. */
export class Explainer {
  readonly #file: string;
  readonly #isFollowed: (line: string) => boolean;
  readonly #names: ReadonlyMap<string, string>;
  #piece = '';

  constructor(cluster: Cluster, { file, follow }: ExplainOptions) {
    this.#file = file;
    this.#isFollowed = follow === undefined ? () => true : followed(follow);
    this.#names = new Map(cluster.hosts.map(({ nodeId, name }) => [nodeId.slice(0, shortIdLength), name]));
    writeFileSync(file, '');
    cluster.world.trace.readBy((line) => this.#write(line));
  }

  /** What is left. */
  end(): void {
    appendFileSync(this.#file, this.#piece);
    this.#piece = '';
  }

  #write(line: string): void {
    const text = line.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24,}\b/g, '$1').replaceAll(/\b[0-9a-f]{8}\b/g, (id) => this.#names.get(id) ?? id);
    if (!this.#isFollowed(text)) return;
    this.#piece += `${text}\n`;
    if (this.#piece.length > pieceLength) this.end();
  }
}

/** Throws RangeError for what is neither a height nor the beginning of an id. */
export function followed(follow: string): (line: string) => boolean {
  if (/^[0-9]{1,7}$/.test(follow)) {
    const ofHeight = new RegExp(`\\bheight ${follow}\\b|\\b${follow}/[0-9]+\\b|\\bthe network is whole$|partition`);
    return (line) => ofHeight.test(line);
  }
  if (!/^[0-9a-f]{8,64}$/.test(follow)) throw new RangeError(`--follow ${follow}: a height, or at least eight digits of a transaction's id`);
  const short = follow.slice(0, shortIdLength);
  return (line) => line.includes(short);
}
