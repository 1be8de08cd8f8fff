import type { Request } from '../../../src-shared/api/contract.ts';
import type { Client } from '../../api/client.ts';
import type { Outcome } from '../../api/client-error.ts';

/** Small enough for any door, also with long labels. */
const pageRows = 5_000;

/** The whole history as CSV, page after page. What comes meanwhile may be in it twice, and never not at all. */
export async function exportCsv(client: Pick<Client, 'call'>, of: Pick<Request<'exporttransactions'>, 'account'>): Promise<Outcome<string>> {
  const parts: string[] = [];
  for (let skip = 0; ; skip += pageRows) {
    const outcome = await client.call('exporttransactions', { count: pageRows, skip, ...of });
    if (!outcome.ok) return outcome;
    parts.push(outcome.value.csv);
    if (!outcome.value.more) return { ok: true, value: parts.join('') };
  }
}
