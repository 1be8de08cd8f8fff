import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useHearing } from '../../stores/hearing.ts';
import { useHealth } from '../../stores/topics.ts';
import { text } from '../../text/text.ts';
import { EmptyPanel } from '../../ui/state-panel.tsx';
import { StatusMark, type Tone } from '../../ui/status-word.tsx';
import { AlertItem } from './alert-item.tsx';
import { useAlertNews } from './alert-news.ts';
import { alertWords } from './alert-words.ts';
import { shownVerdict, verdictTones } from './verdict-tones.ts';
import './health.css';

/** A few are read; more are in the list. */
const maxToasts = 3;

/**
 * In the window's head on every page: how the node is, and a list of what is not right. What is new is pointed out until it is dismissed or over; on a page
 * that lists all alerts itself it is only said to who cannot see it.
 */
export function AlertCenter({ isListed }: { readonly isListed: boolean }) {
  const health = useHealth();
  const hearing = useHearing();
  const [opened, setOpened] = useState(false);
  const { shown, over, dismiss } = useAlertNews(isListed);
  const alerts = health?.alerts ?? [];
  const verdict = shownVerdict(health?.verdict, hearing);
  const tone: Tone = verdict === 'unknown' ? 'muted' : verdictTones[verdict];
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={420} trapFocus returnFocus shadow="md">
        <Popover.Target>
          <button type="button" className={`quiet-button ${tone}`} onClick={() => setOpened(!opened)} data-testid="alerts-open">
            <StatusMark tone={tone} />
            <span className="alerts-verdict">{text.health.verdict[verdict]}</span>
            {alerts.length > 0 && <span className="tag">{text.health.open(alerts.length)}</span>}
          </button>
        </Popover.Target>
        <Popover.Dropdown className="alerts-list" aria-label={text.health.list} data-testid="alerts-list">
          {alerts.length === 0 ? (
            <EmptyPanel advice={text.health.none} />
          ) : (
            <ul>
              {alerts.map((alert) => (
                <li key={alert.code}>
                  <AlertItem alert={alert} onFollowed={() => setOpened(false)} />
                </li>
              ))}
            </ul>
          )}
        </Popover.Dropdown>
      </Popover>
      <div className="toasts" aria-live="polite">
        {!isListed &&
          shown.slice(-maxToasts).map((alert) => (
            <div key={alert.code} className="toast" data-testid="toast">
              <AlertItem alert={alert} onFollowed={() => dismiss(alert.code)} />
              <button type="button" className="quiet-button" onClick={() => dismiss(alert.code)}>
                {text.health.dismiss}
              </button>
            </div>
          ))}
        {isListed && <span className="unseen">{shown.map((alert) => alertWords(alert).what).join(' ')}</span>}
        <span className="unseen">{over.map((alert) => text.health.over(alertWords(alert).what)).join(' ')}</span>
      </div>
    </>
  );
}
