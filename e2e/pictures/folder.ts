import { join } from 'node:path';

/** Where the pictures go; git ignores it. */
export const picturesFolder = join(import.meta.dirname, '../../screenshots');
