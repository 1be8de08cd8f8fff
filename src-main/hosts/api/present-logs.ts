import type * as z from 'zod';
import type { logPosition } from '../../../src-shared/api/methods/logs.ts';
import type { NodeServices } from './node-services.ts';

/** How far the log has come: who looks at it asks for the lines it lacks, as many at once as it can show. */
export const logPositionOf = ({ logs }: Pick<NodeServices, 'logs'>): z.output<typeof logPosition> => ({
  startedms: logs.startedMs,
  first: logs.first,
  last: logs.last,
  level: logs.level,
});
