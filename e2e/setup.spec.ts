import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { type Person, story } from './fixtures/hands.ts';
import { type PreviewNode, Refusal } from './fixtures/preview-node.ts';
import { healthyNetwork } from './fixtures/preview-peers.ts';
import { test } from './fixtures/preview-test.ts';
import { healthyWallet, healthyWalletInfo } from './fixtures/preview-views.ts';

const words = Array.from({ length: 24 }, (_, i) => `word${String.fromCharCode(97 + i)}`);
const strong = 'vermilion-otter-plaza-77';

interface Chosen {
  network: string;
  role: string;
  done: boolean;
}

/** A node that has never been started before, without a wallet, which takes what is chosen. */
function neverStarted(node: PreviewNode, part: Partial<Chosen> = {}): Chosen {
  const chosen: Chosen = { network: 'testnet', role: 'wallet', done: false, ...part };
  node.answer('getsetup', () => ({ ...chosen, networks: ['practice', 'testnet', 'mainnet'], rolefixed: chosen.network === 'practice' }));
  node.answer('setup', ({ network = chosen.network, role = chosen.role, done = chosen.done }) => {
    const restarting = network !== chosen.network || role !== chosen.role;
    Object.assign(chosen, { network, role, done });
    return { restarting };
  });
  node.publish('wallet', { ...healthyWallet(Date.now()), info: null, transactions: [] });
  return chosen;
}

const next = (person: Person): Promise<void> => person.press(person.page.getByTestId('setup-next'));
const step = (page: Page, name: string) => page.locator('[aria-current="step"]', { hasText: name });

test('from first start to a wallet, a role, an open port, and the overview', story, async ({ person, page, node }) => {
  const chosen = neverStarted(node, { network: 'practice' });
  let made: Record<string, unknown> = {};
  node.answer('draftwallet', () => ({ draft: 'draft', words: words.join(' '), asked: [3, 17, 20], expiresms: Date.now() + 60_000 }));
  node.answer('createwallet', (params) => {
    if (String(params.confirm) !== 'wordc,wordq,wordt') throw new Refusal('invalid-words', 'not these');
    made = params;
    const info = { ...healthyWalletInfo, passphraserequired: true, unlocked: false };
    node.publish('wallet', { ...healthyWallet(Date.now()), info, transactions: [] });
    return info;
  });
  await page.goto(node.url);
  await expect(step(page, 'Network')).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  await expectAccessible(page);
  await person.press(page.getByTestId('choice-testnet'));
  await next(person);
  await expect(step(page, 'Wallet')).toBeVisible();
  expect(chosen.network).toBe('testnet');
  await person.press(page.getByTestId('choice-create'));
  await next(person);
  await next(person);
  await expect(page.getByTestId('setup-words').getByRole('listitem')).toHaveText(words);
  await expectAccessible(page);
  await next(person);
  // The words are nowhere in the page any more.
  expect(await page.content()).not.toContain('wordb');
  for (const [position, word] of [
    [3, 'wordc'],
    [17, 'wordx'],
    [20, ' WordT '],
  ] as const)
    await person.write(page.getByTestId(`word-${position}`), word);
  await next(person);
  await person.write(page.getByTestId('setup-passphrase'), 'password1');
  await expect(page.getByTestId('strength')).toContainText('Guessed at once');
  await person.write(page.getByTestId('setup-passphrase'), strong);
  await expect(page.getByTestId('strength')).toContainText('Very good');
  await person.write(page.getByTestId('setup-repeat'), 'something else');
  await expect(page.getByText('The two are not the same.')).toBeVisible();
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.write(page.getByTestId('setup-repeat'), strong);
  await expectAccessible(page);
  await next(person);
  await expect(page.getByRole('alert')).toContainText('These are not the words at these places.');
  await expect(page.getByTestId('word-17')).toHaveValue('');
  for (const [position, word] of [
    [3, 'wordc'],
    [17, 'wordq'],
    [20, 'wordt'],
  ] as const)
    await person.write(page.getByTestId(`word-${position}`), word);
  await next(person);
  await person.write(page.getByTestId('setup-passphrase'), strong);
  await person.write(page.getByTestId('setup-repeat'), strong);
  await next(person);
  await expect(page.getByTestId('wallet-made')).toContainText('The wallet is there.');
  expect(made).toMatchObject({ draft: 'draft', passphrase: strong });
  expect(made).not.toHaveProperty('replacepassphrase');
  await next(person);
  await expect(step(page, 'Role')).toBeVisible();
  await person.press(page.getByTestId('choice-masternode'));
  await expectAccessible(page);
  await next(person);
  await expect(step(page, 'Port')).toBeVisible();
  expect(chosen.role).toBe('masternode');
  await expect(page.getByTestId('setup-port')).toContainText('Open: others can connect');
  node.publish('network', { ...healthyNetwork(Date.now()), reachability: { state: 'unreachable', address: '198.51.100.20:24000' } });
  await expect(page.getByTestId('setup-port')).toContainText('Closed: nobody can connect');
  // The app's window loads the page anew when its node starts anew.
  await page.reload();
  await expect(step(page, 'Port')).toBeVisible();
  await next(person);
  await expect(page.getByText('wallet.vault, with a passphrase')).toBeVisible();
  await next(person);
  await expect(page.getByTestId('verdict')).toBeVisible();
  expect(chosen.done).toBe(true);
});

test('words from paper are checked while they are typed, and their history is looked for', story, async ({ person, page, node }) => {
  neverStarted(node);
  const answers: Record<string, unknown> = {
    'wordz wordb': { isvalid: false, error: 'word-count', count: 2 },
    [`${'wordb '.repeat(11)}wrong`]: { isvalid: false, error: 'unknown-word', position: 12 },
    [words.join(' ')]: { isvalid: true },
  };
  node.answer('checkwords', (params) => answers[String(params.words)] ?? { isvalid: false, error: 'word-count', count: 1 });
  let restored: Record<string, unknown> = {};
  node.answer('restorefromwords', (params) => {
    restored = params;
    const info = { ...healthyWalletInfo, passphraserequired: true, scanning: { checked: 140, found: 12 } };
    node.publish('wallet', { ...healthyWallet(Date.now()), info });
    return info;
  });
  await page.goto(node.url);
  await next(person);
  await person.press(page.getByTestId('choice-words'));
  await next(person);
  const field = page.getByTestId('setup-restore-words');
  await person.write(field, 'wordz  wordb ');
  await expect(page.getByText('These are 2; a wallet has 12 or 24.')).toBeVisible();
  await person.write(field, `${'wordb '.repeat(11)}wrong`);
  await expect(page.getByText('Word 12 is not on the list of words that wallets use.')).toBeVisible();
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.write(field, `\n ${words.join('\n ')} \n`);
  await expect(page.getByText('These are the words of a wallet.')).toBeVisible();
  await next(person);
  await person.write(page.getByTestId('setup-passphrase'), strong);
  await person.write(page.getByTestId('setup-repeat'), strong);
  await next(person);
  await expect(page.getByTestId('wallet-made')).toContainText('140 addresses looked at, 12 of them used');
  expect(restored).toMatchObject({ words: words.join(' '), passphrase: strong });
});

test('a wallet that is there is kept by itself, and moved aside only with its passphrase', story, async ({ person, page, node }) => {
  neverStarted(node);
  node.publish('wallet', { ...healthyWallet(Date.now()), info: { ...healthyWalletInfo, passphraserequired: true } });
  let made: Record<string, unknown> = {};
  node.answer('draftwallet', () => ({ draft: 'draft', words: words.slice(0, 12).join(' '), asked: [1, 2, 3], expiresms: Date.now() + 60_000 }));
  node.answer('createwallet', (params) => {
    made = params;
    return healthyWalletInfo;
  });
  await page.goto(node.url);
  await next(person);
  await expect(page.getByTestId('choice-keep')).toBeChecked();
  await person.press(page.getByTestId('choice-create'));
  await next(person);
  await person.press(page.getByTestId('choice-12'));
  await next(person);
  await next(person);
  for (const [position, word] of [
    [1, 'worda'],
    [2, 'wordb'],
    [3, 'wordc'],
  ] as const)
    await person.write(page.getByTestId(`word-${position}`), word);
  await next(person);
  await person.write(page.getByTestId('setup-passphrase'), strong);
  await person.write(page.getByTestId('setup-repeat'), strong);
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  await person.write(page.getByLabel('Passphrase of the wallet that is here'), 'the old one');
  await next(person);
  await expect(page.getByTestId('wallet-made')).toBeVisible();
  expect(made).toMatchObject({ replacepassphrase: 'the old one' });
});

test('who wants none of it skips it, is not asked again, finds the way back, and brings a wallet out of its backup', story, async ({ person, page, node }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const chosen = neverStarted(node);
  await page.goto(node.url);
  await person.press(page.getByTestId('setup-skip'));
  await expect(page.getByTestId('verdict')).toBeVisible();
  expect(chosen.done).toBe(true);
  await page.goto(node.url);
  await expect(page.getByTestId('verdict')).toBeVisible();
  await person.press(page.getByTestId('nav-wallet'));
  await person.press(page.getByRole('link', { name: 'Go through the first start again' }));
  await expect(step(page, 'Network')).toBeVisible();
  // More than one part of what is handed over at once.
  const backup = Buffer.from(Array.from({ length: 40_000 }, (_, at) => at % 256));
  let restored: Record<string, unknown> = {};
  node.answer('restorewallet', (params) => {
    if (params.passphrase !== strong) throw new Refusal('wallet-passphrase-incorrect', 'wrong');
    restored = params;
    return healthyWalletInfo;
  });
  await next(person);
  await person.press(page.getByTestId('choice-file'));
  await next(person);
  await expect(page.getByTestId('setup-next')).toBeDisabled();
  const chooser = page.waitForEvent('filechooser');
  await person.press(page.getByTestId('setup-file'));
  await (await chooser).setFiles({ name: 'time.timebackup', mimeType: 'application/octet-stream', buffer: backup });
  await person.write(page.getByLabel('Passphrase of the backup'), 'a guess');
  await next(person);
  await expect(page.getByRole('alert')).toContainText('The passphrase is wrong.');
  await expectAccessible(page);
  await person.write(page.getByLabel('Passphrase of the backup'), strong);
  await next(person);
  await expect(page.getByTestId('wallet-made')).toContainText('The wallet is there.');
  expect(restored).toEqual({ data: backup.toString('base64'), passphrase: strong });
});
