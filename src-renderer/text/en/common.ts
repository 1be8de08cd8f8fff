import { formatSpan, formatUntil } from '../format.ts';

export const commonText = {
  ago: (ms: number) => `${formatSpan(ms)} ago`,
  justNow: 'just now',
  inSpan: (ms: number) => `in ${formatUntil(ms)}`,
  copied: 'Copied',
  copyWhole: (text: string) => `Copy ${text}`,
  copyFailed: 'Copying was refused; select the text instead',
  retry: 'Try again',
  none: 'none',
  thisNode: 'this node',
  yes: 'yes',
  no: 'no',
  reading: { what: 'Waiting for the node’s first numbers.', next: 'They come within a second of the connection.' },
};
