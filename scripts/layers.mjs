// One tsconfig.<layer>.json each, and what may be in the compiler's program of those whose fence matters.

export const layers = ['shared', 'core', 'node', 'sim', 'electron', 'renderer', 'e2e', 'bench', 'fuzz', 'explore', 'scripts'];

const compiler = 'node_modules/(@typescript|typescript)/';

/** @type {Record<string, RegExp>} */
export const allowedFiles = {
  shared: new RegExp(`^(src-shared/|node_modules/(zod|@noble/hashes|@scure/base)/|${compiler})`),
  core: new RegExp(`^(src-main/core/|src-shared/domain/|node_modules/(@noble/(hashes|ciphers|ed25519|curves)|@scure/(base|bip39)|micro-packed)/|${compiler})`),
  renderer: /^(src-renderer\/|src-shared\/|node_modules\/(?!(electron|@types\/node|fastify|@fastify|better-sqlite3|sodium-native|ws|@types\/ws)\/))/,
};

/** The pure layers must not see the page's world either. */
const withoutDom = new Set(['shared', 'core']);

/**
 * @param {string} layer
 * @param {readonly string[]} files relative to the root, with forward slashes
 */
export function filesOutside(layer, files) {
  const allowed = allowedFiles[layer];
  if (allowed === undefined) throw new Error(`no rule for ${layer}`);
  return files.filter((file) => !allowed.test(file) || (withoutDom.has(layer) && /\/lib\.(dom|webworker)/.test(file)));
}
