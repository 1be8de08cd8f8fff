import { Button, NativeSelect } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { type LogLevel, type LogPart, logLevels, logLineText, logParts } from '../../../src-shared/domain/log-lines.ts';
import { hrefOf } from '../../routes.ts';
import { formatExactTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { CopyButton, useCopy } from '../../ui/copy-button.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Segments } from '../../ui/segments.tsx';
import { EmptyPanel, LoadingPanel } from '../../ui/state-panel.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { filterLines, type LogFilter, noFilter } from './filter-lines.ts';
import { type LogLine, lastNumber } from './kept-lines.ts';
import { LogTable, levelTones } from './log-table.tsx';
import { useLog } from './use-log.ts';
import './logs.css';

/** As the log file has them. */
const textOf = (lines: readonly LogLine[]): string => lines.map((line) => `${logLineText(line)}\n`).join('');
const fileName = (nowMs: number): string => `time-log-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}.txt`;

export function LogsPage() {
  const log = useLog();
  return (
    <Page title={text.pages.logs} className="filled">
      <section className="card table-card logs-card">
        {log.position === undefined || (log.lines.length === 0 && log.position.last > 0) ? (
          <LoadingPanel />
        ) : log.lines.length === 0 ? (
          <EmptyPanel advice={text.logs.empty} />
        ) : (
          <Lines lines={log.lines} written={log.position.level} />
        )}
      </section>
    </Page>
  );
}

function Lines({ lines, written }: { readonly lines: readonly LogLine[]; readonly written: LogLevel }) {
  const [filter, setFilter] = useState<LogFilter>({ ...noFilter, level: written });
  const [follows, setFollows] = useState(true);
  /** The newest line when somebody scrolled up. */
  const [seen, setSeen] = useState(0);
  const [chosen, setChosen] = useState<LogLine>();
  // A node that was started anew may write less than before.
  const level = logLevels.indexOf(filter.level) > logLevels.indexOf(written) ? written : filter.level;
  const used = useDeferredValue(filter);
  const rows = useMemo(() => filterLines(lines, used), [lines, used]);
  const { state: copyState, copy } = useCopy(() => textOf(rows));
  const change = (part: Partial<LogFilter>): void => setFilter((old) => ({ ...old, ...part }));
  const follow = (next: boolean): void => {
    if (follows && !next) setSeen(lastNumber({ startedMs: 0, lines }));
    setFollows(next);
  };
  const leftOut = (lines[0]?.number ?? 1) - 1;
  const newer = follows ? 0 : rows.filter(({ number }) => number > seen).length;
  return (
    <>
      <div className="tools">
        <span className="line logs-filters">
          <Segments
            label={text.logs.levelLabel}
            value={level}
            onChange={(chosenLevel) => change({ level: chosenLevel })}
            options={logLevels.slice(0, logLevels.indexOf(written) + 1).map((value) => ({ value, label: text.logs.from[value] }))}
            testId="log-level"
          />
          <NativeSelect
            size="xs"
            aria-label={text.logs.partLabel}
            value={filter.part ?? ''}
            onChange={({ currentTarget }) => change({ part: logParts.find((part): part is LogPart => part === currentTarget.value) })}
            data={[{ value: '', label: text.logs.allParts }, ...logParts.map((value) => ({ value, label: text.logs.parts[value] }))]}
            data-testid="log-part"
          />
          <FilterField label={text.logs.filter} hint={text.logs.filterHint} value={filter.words} onChange={(words) => change({ words })} />
        </span>
        <span className="line">
          <Button size="xs" variant="default" leftSection={<Icon name={copyState === 'copied' ? 'check' : 'copy'} />} onClick={copy} data-testid="log-copy">
            {copyState === 'idle' ? text.logs.copy : copyState === 'copied' ? text.common.copied : text.common.copyFailed}
          </Button>
          <Button size="xs" variant="default" onClick={() => saveFile(fileName(Date.now()), textOf(rows), 'text/plain')} data-testid="log-save">
            {text.logs.save}
          </Button>
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyPanel advice={text.logs.noMatch}>
          <Button variant="default" size="xs" onClick={() => setFilter({ ...noFilter, level: written })}>
            {text.logs.clear}
          </Button>
        </EmptyPanel>
      ) : (
        <div className="log-lines">
          <LogTable rows={rows} filterKey={JSON.stringify(used)} follows={follows} onFollow={follow} chosen={chosen?.number} onChoose={setChosen} />
          {!follows && (
            <Button size="xs" className="log-follow" leftSection={<Icon name="down" />} onClick={() => setFollows(true)} data-testid="log-follow">
              {newer === 0 ? text.logs.follow : text.logs.followNewer(newer)}
            </Button>
          )}
        </div>
      )}
      {chosen !== undefined && (
        <div className="log-detail" data-testid="log-detail">
          <div className="line apart">
            <span className="line">
              <span>{formatExactTime(chosen.timems)}</span>
              <StatusWord tone={levelTones[chosen.level]}>{text.logs.levels[chosen.level]}</StatusWord>
              <span className="muted">{text.logs.parts[chosen.part]}</span>
            </span>
            <span className="line">
              <CopyButton value={logLineText(chosen)} label={text.logs.copyLine} />
              <button type="button" className="copy" onClick={() => setChosen(undefined)} aria-label={text.logs.close} title={text.logs.close}>
                <Icon name="cross" />
              </button>
            </span>
          </div>
          <p className="mono">{chosen.text}</p>
        </div>
      )}
      <p className="small muted log-foot" data-testid="log-foot">
        {[text.logs.shown(rows.length, lines.length), ...(leftOut === 0 ? [] : [text.logs.leftOut(leftOut)])].join(' · ')}
        {written !== 'debug' && (
          <>
            {' · '}
            {text.logs.notWritten(text.logs.levels[written])}{' '}
            <a className="link" href={hrefOf('settings')}>
              {text.pages.settings}
            </a>
          </>
        )}
      </p>
    </>
  );
}
