/** A thousand addresses with their keys are 130 KB. */
const maxListBytes = 256 * 1024;
/** For the list as a whole, redirects included. */
const listTimeoutMs = 10_000;
/** To another host and its own slash, as web servers do; what redirects more often is a loop. */
const maxRedirects = 3;

export interface HttpListOptions {
  /** Gives up at once. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
  readonly timeoutMs?: number;
}

/** The text behind a URL. Rejects with an Error that says in a few words why there is none. */
export async function fetchList(url: string, { signal, userAgent, timeoutMs = listTimeoutMs }: HttpListOptions): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await follow(new URL(url), AbortSignal.any([signal, deadline]), userAgent);
  } catch (error) {
    if (deadline.aborted) throw new Error(`no answer within ${timeoutMs} ms`, { cause: error });
    throw new Error(wordsOf(error), { cause: error });
  }
}

async function follow(start: URL, signal: AbortSignal, userAgent: string): Promise<string> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await fetch(url, {
      signal,
      redirect: 'manual',
      credentials: 'omit',
      headers: { accept: 'application/json, text/plain', 'user-agent': userAgent },
    });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return await textOf(response);
    await response.body?.cancel();
    url = next(url, location);
  }
  throw new Error(`more than ${maxRedirects} redirects`);
}

/** A list that was asked for in secret is not read in the open. */
function next(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to === null || !(to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))) throw new Error(`redirected to ${location}`);
  return to;
}

async function textOf(response: Response): Promise<string> {
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status}`);
  }
  const type = response.headers.get('content-type') ?? 'text/plain';
  if (!/^(?:application\/(?:[\w.-]+\+)?json|text\/plain)\s*(?:;|$)/i.test(type)) {
    await response.body.cancel();
    throw new Error(`the server answered with ${type}, and not with JSON or plain text`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // What is counted is unpacked already: a small answer may unpack to a large one.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > maxListBytes) throw new Error(`longer than ${maxListBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

/** `fetch` says "fetch failed" and keeps what happened in `cause`. */
function wordsOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown; readonly message?: unknown } };
  if (cause !== undefined && cause !== null && error instanceof TypeError) return String(cause.code ?? cause.message ?? error.message);
  return error instanceof Error ? error.message : String(error);
}
