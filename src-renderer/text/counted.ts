import { formatCount } from './format.ts';

/** `1 peer`, `2 peers`. */
export const counted = (count: number, one: string, many: string): string => `${formatCount(count)} ${count === 1 ? one : many}`;
