import type { MethodName } from '../../../src-shared/api/contract.ts';
import { toHex } from '../../core/crypto/hex.ts';
import { genesis, genesisTxid, otherAddress, paying } from './services.fixture.ts';

const raw = toHex(paying.encoded);
/** One good call of each method, as a list; it does not compile with one missing. */
export const goodCalls: { readonly [M in MethodName]: readonly unknown[] } = {
  getblockchaininfo: [],
  getblockhash: [0],
  getblock: [genesis.block.hash, 1],
  gettxout: [genesisTxid, 2],
  gettxoutsetinfo: [],
  getpeerinfo: [],
  getconnectioncount: [],
  addnode: ['127.0.0.1:9', 'onetry'],
  disconnectnode: ['127.0.0.1:5000'],
  getconsensusinfo: [],
  masternodelist: [],
  getvotingtransactions: [],
  getrecentblocks: [5],
  createrawtransaction: [[{ txid: genesisTxid, vout: 2 }], [{ address: otherAddress, amount: '1.5' }]],
  signrawtransactionwithwallet: [raw],
  decoderawtransaction: [raw],
  sendrawtransaction: [raw],
  gettransaction: [paying.txid],
  getmempoolinfo: [],
  getbalances: [],
  getwalletinfo: [],
  getnewaddress: ['rent'],
  validateaddress: [otherAddress],
  sendtoaddress: [otherAddress, '12.5'],
  estimatefee: [otherAddress, '12.5'],
  listtransactions: [10, 0],
  listunspent: [],
  uptime: [],
  getnodeinfo: [],
  help: ['getblock'],
  stop: [],
};
