import { describe, expect, it } from 'vitest';
import { asTyped, callOf, callOfLine, missingSecrets } from './call-line.ts';
import type { Reply } from './method.ts';

const value = <T>(reply: Reply<T>): T => {
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value;
};
const params = (line: string) => value(callOfLine(line)).params;
const complaint = (line: string): string => {
  const reply = callOfLine(line);
  return reply.ok ? '' : reply.error.message;
};
const listed = (...texts: string[]) => value(callOf(texts.map(asTyped), false)).params;

describe('parameters', () => {
  it('are texts where the contract has texts, and JSON elsewhere', () => {
    expect(listed('sendtoaddress', 'TIME2x', '12.50000000', '5', 'true', 'null')).toEqual({
      address: 'TIME2x',
      amount: '12.50000000',
      label: '5',
      subtractfeefromamount: true,
      passphrase: 'null',
    });
    expect(listed('getblock', 'ab', '0')).toEqual({ blockhash: 'ab', verbosity: 0 });
    expect(params('createrawtransaction [{"txid": "00", "vout": 1}] []')).toEqual({ inputs: [{ txid: '00', vout: 1 }], outputs: [] });
    expect(listed('getblockhash', 'nine')).toEqual({ height: 'nine' });
    expect(listed('listaddresses', 'mine', 'null', '3')).toEqual({ kind: 'mine', skip: 3 });
  });
  it('of a command behind one word are those of its method', () => {
    expect(value(callOfLine('masternode register free 203.0.113.5:24200'))).toEqual({
      method: 'masternoderegister',
      params: { tier: 'free', address: '203.0.113.5:24200' },
    });
    expect(value(callOfLine('masternode update address=203.0.113.5:1'))).toEqual({ method: 'masternodeupdate', params: { address: '203.0.113.5:1' } });
  });
  it('may be named, after those that are not', () => {
    expect(params('disconnectnode nodeid=7')).toEqual({ nodeid: 7 });
    expect(params('sendtoaddress TIME2x 1.50 subtractfeefromamount=true label="for rent"')).toEqual({
      address: 'TIME2x',
      amount: '1.50',
      subtractfeefromamount: true,
      label: 'for rent',
    });
    expect(params('getnewaddress label=a=b')).toEqual({ label: 'a=b' });
  });
  it('that only look named are texts where they are quoted, and in a list as a script gives it', () => {
    expect(params('signmessage TIME2x "passphrase=x"')).toEqual({ address: 'TIME2x', message: 'passphrase=x' });
    expect(listed('signmessage', 'TIME2x', 'passphrase=x')).toEqual({ address: 'TIME2x', message: 'passphrase=x' });
    expect(params('verifymessage TIME2x AAAA= mine')).toEqual({ address: 'TIME2x', signature: 'AAAA=', message: 'mine' });
  });
});

it.each([
  ['getblok 9', 'did you mean "getblock"?'],
  ['masternode lst', 'There is no method "masternode"'],
  ['uptime 1', 'takes no parameters'],
  ['getnewaddress lable=x', 'did you mean "label"?'],
  ['getnewaddress label=x label=y', '"label" is given twice'],
  ['getnewaddress x label=y', '"label" is given twice'],
  ['getblock a b c', 'at most 2: blockhash, verbosity'],
  ['setlabel x "y', 'What " opens is not closed'],
  ['createrawtransaction [1, 2', 'What [ opens is not closed'],
])('%j: %s', (line, words) => expect(complaint(line)).toContain(words));

it.each([
  ['walletpassphrase', false, ['passphrase']],
  ['walletpassphrase x', true, []],
  ['walletpassphrase timeout=60', false, ['passphrase']],
  ['walletpassphrasechange', false, ['oldpassphrase', 'newpassphrase']],
  ['walletpassphrasechange newpassphrase=x', false, ['oldpassphrase']],
  ['restorefromwords', false, ['words']],
  ['restorefromwords', true, ['words', 'passphrase']],
  ['sendtoaddress TIME2x 1', false, []],
  ['sendtoaddress TIME2x 1', true, ['passphrase']],
  ['masternode exit', true, ['passphrase']],
  ['createwallet ab', true, ['passphrase']],
  ['getblockhash', true, []],
] as const)('%j, with the passphrase %j, is to be asked for %j', (line, withPassphrase, names) => {
  expect(missingSecrets(value(callOfLine(line)), withPassphrase)).toEqual(names);
});
