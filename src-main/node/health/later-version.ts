/** `/TIME:0.2.0/` → [0, 2, 0]; undefined where it is no version of this program. */
function versionOf(userAgent: string): readonly number[] | undefined {
  const match = /^\/TIME:(\d{1,4})\.(\d{1,4})\.(\d{1,4})\/$/i.exec(userAgent);
  return match === null ? undefined : match.slice(1).map(Number);
}

const compare = (a: readonly number[], b: readonly number[]): number => a.map((part, i) => part - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

/**
 * The version that more than half of the peers have, or a later one, if it is later than this node's. What peers say is not proven, so this is news
 * and no reason to do anything by itself; nobody is asked but them.
 *
 * @returns the version and how many have it or a later one
 */
export function laterVersion(own: string, peers: readonly string[]): { readonly version: string; readonly peers: number } | undefined {
  const ownVersion = versionOf(own);
  const known = peers.map((agent) => versionOf(agent) ?? []).sort((a, b) => compare(b, a));
  const common = known[Math.floor(known.length / 2)];
  if (ownVersion === undefined || common === undefined || common.length === 0 || compare(common, ownVersion) <= 0) return undefined;
  return { version: common.join('.'), peers: known.filter((version) => version.length > 0 && compare(version, common) >= 0).length };
}
