import { errorNumbers } from '../../../src-shared/api/method.ts';
import type { ClientError } from '../../api/client-error.ts';
import { formatDuration } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { useCopy } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { JsonView } from './json-view.tsx';
import { Running } from './running.tsx';
import type { Entry, Outcome } from './transcript.ts';

/** As a script would get it. */
const copied = (outcome: Outcome): string => {
  if (outcome.kind === 'text') return outcome.text;
  if (outcome.kind === 'failed') return outcome.error.message;
  if (outcome.kind !== 'value') return '';
  return typeof outcome.value === 'string' ? outcome.value : JSON.stringify(outcome.value, undefined, 2);
};

export function ConsoleEntry({ entry }: { readonly entry: Entry }) {
  const { outcome } = entry;
  const { state, copy } = useCopy(() => copied(outcome));
  const canCopy = outcome.kind === 'value' || outcome.kind === 'text' || outcome.kind === 'failed';
  const label = state === 'idle' ? text.console.copy(entry.line) : state === 'copied' ? text.common.copied : text.common.copyFailed;
  return (
    <article className="console-entry" data-testid="console-entry">
      <div className="line apart">
        <p className="mono console-line">
          <span className="console-prompt" aria-hidden="true">
            ›{' '}
          </span>
          {entry.line}
        </p>
        <span className="line">
          {outcome.kind === 'value' && outcome.isSecret && <span className="tag warning">{text.console.secret}</span>}
          {outcome.kind === 'value' && <span className="small muted">{formatDuration(outcome.tookMs)}</span>}
          {canCopy && (
            <button type="button" className="copy" onClick={copy} aria-label={label} title={label}>
              <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'alert' : 'copy'} />
            </button>
          )}
        </span>
      </div>
      {outcome.kind === 'running' ? <Running line={entry.line} sinceMs={outcome.sinceMs} /> : <Answer outcome={outcome} />}
    </article>
  );
}

function Answer({ outcome }: { readonly outcome: Exclude<Outcome, { readonly kind: 'running' }> }) {
  switch (outcome.kind) {
    case 'asking':
      return <p className="muted">{text.console.asking}</p>;
    case 'text':
      return <pre className="mono console-text">{outcome.text}</pre>;
    case 'cancelled':
      return <p className="muted">{text.console.cancelled}</p>;
    case 'forgotten':
      return <p className="muted">{text.console.forgotten}</p>;
    case 'failed':
      return <Failed error={outcome.error} />;
    case 'value':
      if (outcome.value === null) return <p className="muted">{text.console.done}</p>;
      if (typeof outcome.value === 'string' && outcome.value.includes('\n')) return <pre className="mono console-text">{outcome.value}</pre>;
      return (
        <div className="mono json">
          <JsonView value={outcome.value} />
        </div>
      );
  }
}

/** What it means in words, what the node says of it, and the code that scripts know it by. */
function Failed({ error }: { readonly error: ClientError }) {
  const { code, message } = error;
  const said = Object.hasOwn(errorNumbers, code) ? `${errorNumbers[code as keyof typeof errorNumbers]} ${code}` : code;
  return (
    <div className="console-failed">
      <StatusWord tone="bad">{text.console.errors[code] ?? text.clientErrors[code].what}</StatusWord>
      <p className="mono">
        {message === '' ? '' : `${message} `}
        <span className="muted">({said})</span>
      </p>
    </div>
  );
}
