// Runs in a namespace: a node's RPC door is open to its own machine only, and there that is the namespace. A line in is a request, a line out its answer.
import { createInterface } from 'node:readline';

interface AgentRequest {
  readonly id: number;
  readonly url: string;
  readonly authorization: string;
  readonly body: unknown;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, url, authorization, body } = JSON.parse(line) as AgentRequest;
  const headers = { authorization, 'content-type': 'application/json' };
  void fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) })
    .then(async (response) => ({ id, answer: await response.json() }))
    .catch((error: unknown) => ({ id, failure: String(error) }))
    .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
}
