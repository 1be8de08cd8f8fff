import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;
/** What this program tells peers it is, as BIP 14 writes it. */
export const userAgent = `/TIME:${version}/`;
