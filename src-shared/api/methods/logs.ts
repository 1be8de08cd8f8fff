import * as z from 'zod';
import { logLevels, logParts } from '../../domain/log-lines.ts';
import { count, timestampMs } from '../fields.ts';
import { method } from '../method.ts';

const level = z.enum(logLevels);

/** How far the log of this run has come. Numbers count from 1 within a run; two runs never began in the same millisecond. */
export const logPosition = z.object({
  startedms: timestampMs.describe('when this run of the node began to write, and to number its lines'),
  first: count.describe('number of the oldest line that is still at hand'),
  last: count.describe('number of the newest; 0 before the first'),
  level: level.describe('that is written with all that is graver; another one is a setting of the node'),
});

export const logMethods = {
  getlogs: method({
    group: 'control',
    summary: 'The last lines of the log, oldest first. The files in the data directory have more.',
    request: z.strictObject({
      count: z.number().int().min(1).max(500).default(50),
      level: level.default('debug').describe('that and what is graver'),
      part: z.enum(logParts).optional().describe('absent: all'),
      after: count.optional().describe('the oldest lines with a greater number; absent: the newest lines'),
    }),
    response: logPosition.extend({
      lines: z.array(z.object({ number: count, timems: timestampMs, level, part: z.enum(logParts), text: z.string() })),
    }),
    errors: [],
  }),
};
