import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Request } from '../../../src-shared/api/contract.ts';
import { parseAddress } from '../../../src-shared/domain/address.ts';
import type { NetworkName } from '../../../src-shared/domain/networks.ts';
import type { ClientError } from '../../api/client-error.ts';
import { useNode } from '../../stores/client-context.ts';
import { usePoll } from '../../stores/use-poll.ts';
import { text } from '../../text/text.ts';
import { Amount } from '../../ui/amount.tsx';
import { Hash } from '../../ui/hash.tsx';
import { Notice } from '../../ui/state-panel.tsx';
import { looksLikeAddress } from '../peers/peer-address.ts';
import { PassphraseField, usePassphrase, usePassphraseDelay } from '../wallet/passphrase-field.tsx';
import { useAsked } from '../wallet/use-asked.ts';
import { blockLifeOf } from './block-life.ts';
import { BlockSteps } from './block-steps.tsx';
import { masternodeErrorWords } from './masternode-errors.ts';
import type { MasternodeInfo } from './masternode-info.ts';
import { backToOwn, type ChangeAction } from './masternode-stage.ts';

const names = text.masternodes.change;

/** What is to be different. */
type Update = Pick<Request<'masternodeupdate'>, 'address' | 'rewardaddress'>;

interface UpdateFormProps {
  readonly node: MasternodeInfo;
  readonly network: NetworkName;
  readonly onReview: (update: Update) => void;
}

function UpdateForm({ node, network, onReview }: UpdateFormProps) {
  const [address, setAddress] = useState(node.address);
  const [reward, setReward] = useState(node.rewardaddress);
  const [typedAddress, typedReward] = [address.trim(), reward.trim()];
  const parsed = parseAddress(typedReward, network);
  const isWrong = typedAddress !== '' && !looksLikeAddress(typedAddress);
  const isSame = typedAddress === node.address && typedReward === node.rewardaddress;
  const review = (event: FormEvent): void => {
    event.preventDefault();
    onReview({
      ...(typedAddress === node.address ? {} : { address: typedAddress }),
      ...(typedReward === node.rewardaddress ? {} : { rewardaddress: typedReward }),
    });
  };
  return (
    <form className="masternode-form" onSubmit={review} autoComplete="off">
      <TextInput
        label={text.masternodes.own.address}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={isWrong ? text.masternodes.register.address.wrong : undefined}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid="change-address"
      />
      <TextInput
        label={text.masternodes.own.reward}
        value={reward}
        onChange={(event) => setReward(event.currentTarget.value)}
        error={parsed.ok ? undefined : text.recipientErrors[parsed.error]}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-testid="change-reward"
      />
      {isSame && <p className="small muted">{names.same}</p>}
      <div className="setup-buttons">
        <Button variant="default" onClick={backToOwn}>
          {names.cancel}
        </Button>
        <Button type="submit" disabled={isSame || isWrong || !parsed.ok} data-testid="change-review">
          {names.review}
        </Button>
      </div>
    </form>
  );
}

interface ReviewProps {
  readonly action: ChangeAction;
  readonly node: MasternodeInfo;
  readonly update: Update;
  /** Of the tier, a decimal string of TIME. */
  readonly collateral: string | undefined;
  readonly asksPassphrase: boolean;
  readonly onBack: () => void;
  readonly onSent: (txid: string) => void;
}

function Review({ action, node, update, collateral, asksPassphrase, onBack, onSent }: ReviewProps) {
  const { client } = useNode();
  const passphrase = usePassphrase();
  const delayMs = usePassphraseDelay();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ClientError>();
  // A revive costs nothing, and this node signs it by itself; the estimate of an exit is asked for and not shown.
  const isFree = action === 'revive';
  const asked = useAsked('estimatemasternodefee', { action: action === 'update' ? 'update' : 'exit', nodeid: node.nodeid, ...update }, undefined);
  const refused = isFree ? undefined : asked.error;
  const fee = asked.value?.fee;
  const needsPassphrase = asksPassphrase && !isFree;

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const agreed = { nodeid: node.nodeid, passphrase: passphrase.take(), ...(fee === undefined ? {} : { maxfee: fee }) };
    const outcome =
      action === 'update'
        ? await client.call('masternodeupdate', { ...update, ...agreed })
        : action === 'exit'
          ? await client.call('masternodeexit', agreed)
          : await client.call('masternoderevive', {});
    setBusy(false);
    if (outcome.ok) return onSent(outcome.value);
    setError(outcome.error);
    if (outcome.error.code === 'max-fee-exceeded') asked.again();
  };
  const shown = error ?? refused;
  return (
    <form className="masternode-form" onSubmit={(event) => void send(event)} autoComplete="off">
      <dl className="setup-facts">
        <dt>{names.node}</dt>
        <dd>
          <Hash value={node.nodeid} head={8} />
        </dd>
        {update.address !== undefined && (
          <>
            <dt>{text.masternodes.own.address}</dt>
            <dd className="mono whole">{update.address === '' ? text.masternodes.own.noAddress : update.address}</dd>
          </>
        )}
        {update.rewardaddress !== undefined && (
          <>
            <dt>{text.masternodes.own.reward}</dt>
            <dd className="mono whole">{update.rewardaddress}</dd>
          </>
        )}
        {action === 'exit' && node.collateral !== undefined && collateral !== undefined && (
          <>
            <dt>{names.comesBack}</dt>
            <dd>
              <Amount time={collateral} />
            </dd>
          </>
        )}
        {!isFree && (
          <>
            <dt>{names.fee}</dt>
            <dd data-testid="change-fee">{fee === undefined ? '–' : <Amount time={fee} />}</dd>
          </>
        )}
      </dl>
      {needsPassphrase && <PassphraseField passphrase={passphrase} testId="change-passphrase" />}
      {shown !== undefined && <Notice tone="bad" advice={masternodeErrorWords(shown)} />}
      <div className="setup-buttons">
        <Button variant="default" onClick={onBack} disabled={busy}>
          {action === 'update' ? names.back : names.cancel}
        </Button>
        <Button
          type="submit"
          className={action === 'exit' ? 'danger' : ''}
          loading={busy}
          disabled={(!isFree && (fee === undefined || refused !== undefined)) || (needsPassphrase && (passphrase.typed === '' || delayMs > 0))}
          data-testid="change-confirm"
        >
          {names.confirm[action]}
        </Button>
      </div>
    </form>
  );
}

function Sent({ txid }: { readonly txid: string }) {
  const life = blockLifeOf(usePoll('gettransaction', { txid }));
  return (
    <div className="masternode-form">
      <p className="life-state" role="status" data-testid="change-state" data-state={life.kind}>
        {life.words}
      </p>
      <ol className="life">
        <BlockSteps life={life} />
      </ol>
      <div className="setup-buttons">
        <Button variant="default" onClick={backToOwn} data-testid="change-close">
          {names.close}
        </Button>
      </div>
    </div>
  );
}

interface ChangeCardProps {
  readonly action: ChangeAction;
  readonly node: MasternodeInfo;
  readonly network: NetworkName;
  readonly collateral: string | undefined;
  readonly asksPassphrase: boolean;
}

/** An update, an exit or a revive: what it means, what it costs, and its life. */
export function ChangeCard({ action, node, network, collateral, asksPassphrase }: ChangeCardProps) {
  const [update, setUpdate] = useState<Update | undefined>(action === 'update' ? undefined : {});
  const [txid, setTxid] = useState<string>();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const means: Record<ChangeAction, string> = {
    update: names.updateMeans,
    exit: node.collateral === undefined ? names.exitFree : names.exitMeans,
    revive: names.reviveMeans,
  };
  return (
    <section className="card setup-card masternode-flow">
      <h2 className="setup-title" ref={title} tabIndex={-1}>
        {names.titles[action]}
      </h2>
      <p className="muted">{means[action]}</p>
      {txid !== undefined ? (
        <Sent txid={txid} />
      ) : update === undefined ? (
        <UpdateForm node={node} network={network} onReview={setUpdate} />
      ) : (
        <Review
          action={action}
          node={node}
          update={update}
          collateral={collateral}
          asksPassphrase={asksPassphrase}
          onBack={() => (action === 'update' ? setUpdate(undefined) : backToOwn())}
          onSent={setTxid}
        />
      )}
    </section>
  );
}
