import { hrefOf } from '../../routes.ts';
import { text } from '../../text/text.ts';

/** Where nothing has come in yet: the way to an address that it can come to. */
export function ReceiveLink() {
  return (
    <a className="link" href={hrefOf('wallet', { show: 'receive' })}>
      {text.wallet.openReceive}
    </a>
  );
}
