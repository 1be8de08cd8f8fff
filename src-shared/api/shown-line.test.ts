import { describe, expect, it } from 'vitest';
import { methods } from './contract.ts';
import { answersSecret, methodNames, parametersOf } from './help.ts';
import { shownLine, tellsHidden } from './shown-line.ts';

describe('the contract marks', () => {
  const secretNames = /passphrase$|^words$|^confirm$/;
  it('every parameter that takes a passphrase or words', () => {
    for (const name of methodNames)
      for (const { name: parameter, isSecret, isText, type } of parametersOf(name)) {
        const isCount = name === 'draftwallet' && !isText;
        expect([name, parameter, isSecret]).toEqual([name, parameter, secretNames.test(parameter) && !isCount && type !== 'boolean']);
      }
  });
  it('every answer that has words or a key', () => {
    expect(methodNames.filter(answersSecret).sort()).toEqual(['draftwallet', 'exportnodekey', 'getwords']);
    expect(methods.getwords.response.shape.words.meta()).toMatchObject({ secret: true });
  });
});

it.each([
  ['walletpassphrase hunter2 60', 'walletpassphrase •••• 60'],
  ['walletpassphrase "hunter 2"', 'walletpassphrase ••••'],
  ['walletpassphrase timeout=60 passphrase=hunter2', 'walletpassphrase timeout=60 passphrase=••••'],
  ['walletpassphrase timeout=60 "passphrase=hunter2"', 'walletpassphrase timeout=60 ••••'],
  ['walletpassphrasechange hunter1 hunter2', 'walletpassphrasechange •••• ••••'],
  ['restorefromwords "hunter ability able"', 'restorefromwords ••••'],
  ['sendtoaddress TIME2x 1 passphrase="hunter 2"', 'sendtoaddress TIME2x 1 passphrase=••••'],
  ['masternode exit "" hunter2', 'masternode exit "" ••••'],
  ['createwallet ab ["hunter", "hunter"] hunter2', 'createwallet ab •••• ••••'],
  // What is wrong in one way or another.
  ['walletpassphrase hunter2 60 70', 'walletpassphrase ••••'],
  ['walletpassphrase "hunter2', 'walletpassphrase ••••'],
  ['walletpassphrase passhprase=hunter2', 'walletpassphrase ••••'],
  ['walletpasphrase hunter2', 'walletpasphrase ••••'],
  // As near to a method that takes no secret as to one that does.
  ['walletpass hunter2', 'walletpass ••••'],
  ['walletunlock hunter2 60', 'walletunlock ••••'],
  ['restore hunter ability', 'restore ••••'],
  ['abandon hunter ability', 'abandon ••••'],
  ['walletpassphrase=hunter2 hunter2', '•••• ••••'],
  ['hunter2', '••••'],
])('%j is shown as %j', (line, shown) => {
  const { text, isSecret } = shownLine(line);
  expect(isSecret).toBe(true);
  expect([text, text.includes('hunter')]).toEqual([shown, false]);
});

it.each(['getblock ab 1', 'sendtoaddress TIME2x 1 label=rent', 'walletpassphrase', 'getblok', 'help walletpassphrase', 'getwalletinfo', ''])(
  '%j has nothing to hide',
  (line) => expect(shownLine(line)).toEqual({ text: line, isSecret: false }),
);

it.each([
  ['hunter2', 'There is no method "hunter2"', true],
  ['walletpassphrase hunter2=x', 'walletpassphrase has no parameter "hunter2"', true],
  ['walletpasphrase hunter2', 'There is no method "walletpasphrase", did you mean "walletpassphrase"?', false],
  ['walletpassphrase hunter2 60 70', 'walletpassphrase takes at most 2: passphrase, timeout.', false],
])('of %j, %j tells what is hidden: %j', (line, said, tells) => expect(tellsHidden(line, shownLine(line), said)).toBe(tells));
