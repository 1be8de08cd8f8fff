import { Button, Checkbox, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Response } from '../../../src-shared/api/contract.ts';
import { useAction } from '../../stores/use-action.ts';
import { formatAmount, formatCount, shorten } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ActionOutcome } from '../../ui/action-outcome.tsx';
import { wordsOf } from '../../ui/client-error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { OwnAmount } from '../../ui/own-amount.tsx';
import { EmptyPanel, LoadingPanel, Notice } from '../../ui/state-panel.tsx';
import { ofAccount } from './account-store.ts';
import { type ChosenCoin, coinKey, editSend, sumOfCoins, toggledCoins } from './send-store.ts';
import { useAsked } from './use-asked.ts';
import { useWalletChange } from './wallet-change.ts';

type Coin = Response<'listunspent'>[number];
const names = text.wallet.coins;

interface CoinTableProps {
  readonly coins: readonly ChosenCoin[] | undefined;
  readonly account: number | undefined;
}

function CoinTable({ coins, account }: CoinTableProps) {
  const listed = useAsked('listunspent', ofAccount(account), useWalletChange());
  const action = useAction();
  const chosen = useMemo(() => new Set((coins ?? []).map(coinKey)), [coins]);
  const setAside = ({ txid, vout, setaside }: Coin): void => {
    void action
      .run('lockunspent', { unlock: setaside, transactions: [{ txid, vout }] }, setaside ? names.givenBack : names.putAside)
      .then((worked) => worked && listed.again());
  };
  if (listed.error !== undefined) return <Notice tone="bad" advice={wordsOf(listed.error)} onRetry={listed.again} />;
  if (listed.value === undefined) return <LoadingPanel />;
  if (listed.value.length === 0) return <EmptyPanel advice={names.empty} />;
  const columns: readonly Column<Coin>[] = [
    {
      id: 'chosen',
      header: names.columns.chosen,
      widthPx: 48,
      cell: (coin) => (
        <Checkbox
          size="xs"
          aria-label={names.choose(formatAmount(coin.amount), coin.address)}
          checked={chosen.has(coinKey(coin))}
          // One that was set aside can be named all the same.
          disabled={!coin.spendable && !(coin.setaside && (coin.state === 'unspent' || coin.state === 'unconfirmed-final')) && !chosen.has(coinKey(coin))}
          onChange={() => editSend({ coins: toggledCoins(coins, coin) })}
          data-testid="coin"
        />
      ),
    },
    {
      id: 'amount',
      header: names.columns.amount,
      widthPx: 136,
      isNumber: true,
      cell: ({ amount }) => <OwnAmount time={amount} />,
      value: (coin) => Number(coin.amount),
    },
    {
      id: 'address',
      header: names.columns.address,
      leastPx: 120,
      cell: ({ address, label }) => (
        <span className="cut" title={address}>
          {label === '' ? <span className="mono">{shorten(address, 8)}</span> : label}
        </span>
      ),
      value: ({ label, address }) => (label === '' ? address : label),
    },
    {
      id: 'confirmations',
      header: names.columns.confirmations,
      means: names.confirmationsMeans,
      widthPx: 72,
      isNumber: true,
      cell: ({ confirmations }) => formatCount(confirmations),
      value: ({ confirmations }) => confirmations,
    },
    {
      id: 'state',
      header: names.columns.state,
      widthPx: 116,
      cell: (coin) => (coin.setaside ? names.aside : names.states[coin.state]),
      value: ({ state }) => state,
    },
    {
      id: 'aside',
      header: names.columns.aside,
      means: names.asideMeans,
      widthPx: 92,
      cell: (coin) => (
        <Button size="compact-xs" variant="default" disabled={action.state.kind === 'busy'} onClick={() => setAside(coin)}>
          {coin.setaside ? names.giveBack : names.setAside}
        </Button>
      ),
    },
  ];
  return (
    <>
      <div className="coin-table">
        <DataTable
          label={names.title}
          columns={columns}
          rows={listed.value}
          rowKey={coinKey}
          firstOrder={{ id: 'amount', descending: true }}
          rowTestId="coin-row"
        />
      </div>
      <ActionOutcome state={action.state} />
    </>
  );
}

/** Which coins pay: the wallet chooses, unless somebody does. */
export function CoinChoice({ coins, account }: CoinTableProps) {
  const [opened, setOpened] = useState(false);
  const none = (): void => editSend({ coins: undefined });
  return (
    <div className="line apart">
      <span className="small muted" data-testid="coins-chosen">
        {coins === undefined ? names.walletChooses : names.chosen(coins.length, formatAmount(sumOfCoins(coins)))}
      </span>
      <button type="button" className="quiet-button" onClick={() => setOpened(true)} data-testid="coins-open">
        {names.open}
      </button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={names.title}
        size={820}
        xOffset={16}
        closeButtonProps={{ 'aria-label': text.wallet.close }}
      >
        <div className="wallet-form">
          <p className="small muted">{names.means}</p>
          <CoinTable coins={coins} account={account} />
          <div className="line apart">
            <span className="muted">{coins === undefined ? names.walletChooses : names.chosen(coins.length, formatAmount(sumOfCoins(coins)))}</span>
            <span className="line">
              <Button variant="default" size="xs" disabled={coins === undefined} onClick={none}>
                {names.letChoose}
              </Button>
              <Button size="xs" onClick={() => setOpened(false)} data-testid="coins-done">
                {names.done}
              </Button>
            </span>
          </div>
        </div>
      </Modal>
    </div>
  );
}
