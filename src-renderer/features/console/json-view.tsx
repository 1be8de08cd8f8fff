import { useState } from 'react';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

/** Parts of one value that are shown at once; more on demand, so that a block of thousands does not freeze the page. */
const partsAtOnce = 100;
/** Of a text; whoever wants it whole copies it. */
const maxShownText = 2_000;
/** What is deeper or longer is folded at first. */
const openDepth = 3;
const openParts = 30;

interface JsonViewProps {
  readonly value: unknown;
  readonly name?: string;
  readonly depth?: number;
  /** A comma follows. */
  readonly more?: boolean;
}

/** An answer as JSON, whose lists and objects can be folded. */
export function JsonView({ value, name, depth = 0, more = false }: JsonViewProps) {
  const label = name === undefined ? null : <span className="json-name">{JSON.stringify(name)}: </span>;
  const comma = more ? ',' : '';
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return (
      <div className="json-line">
        {label}
        <Leaf value={value} />
        {comma}
      </div>
    );
  return <Branch value={value} label={label} depth={depth} comma={comma} />;
}

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') {
    const cut = value.length > maxShownText;
    return (
      <span className="json-text">
        {JSON.stringify(cut ? value.slice(0, maxShownText) : value)}
        {cut && <span className="muted"> {text.console.textCut(value.length - maxShownText)}</span>}
      </span>
    );
  }
  return <span className="json-plain">{JSON.stringify(value)}</span>;
}

interface BranchProps {
  readonly value: object;
  readonly label: React.ReactNode;
  readonly depth: number;
  readonly comma: string;
}

function Branch({ value, label, depth, comma }: BranchProps) {
  const isList = Array.isArray(value);
  const parts = Object.entries(value);
  const [isOpen, setOpen] = useState(depth === 0 || (depth < openDepth && parts.length <= openParts));
  const [shown, setShown] = useState(partsAtOnce);
  const [start, end] = isList ? ['[', ']'] : ['{', '}'];
  const size = isList ? text.console.items(parts.length) : text.console.fields(parts.length);
  return (
    <div className="json-line">
      <button
        type="button"
        className="json-fold"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        title={isOpen ? text.console.fold : text.console.unfold}
      >
        <Icon name="down" />
        <span className="unseen">{size}</span>
      </button>
      {label}
      {start}
      {isOpen ? (
        <div className="json-parts">
          {parts.slice(0, shown).map(([key, part], index) => (
            <JsonView key={key} value={part} depth={depth + 1} more={index < parts.length - 1} {...(isList ? {} : { name: key })} />
          ))}
          {parts.length > shown && (
            <button type="button" className="quiet-button" onClick={() => setShown(shown + partsAtOnce)}>
              {text.console.showMore(Math.min(partsAtOnce, parts.length - shown), parts.length - shown)}
            </button>
          )}
        </div>
      ) : (
        <span className="muted" aria-hidden="true">
          {' '}
          … {size}{' '}
        </span>
      )}
      {end}
      {comma}
    </div>
  );
}
