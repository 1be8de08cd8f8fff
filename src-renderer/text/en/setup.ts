import { formatCount, formatSpan } from '../format.ts';

/** How long guessing takes, in the steps that zxcvbn knows: 0 is guessed at once, 4 is not. */
const strengths: readonly [string, string, string, string, string] = ['Guessed at once', 'Easily guessed', 'Could be stronger', 'Good', 'Very good'];

export const setupText = {
  title: 'First start',
  steps: { network: 'Network', wallet: 'Wallet', role: 'Role', port: 'Port', done: 'Done' },
  stepsLabel: 'Steps',
  next: 'Next',
  back: 'Back',
  skip: 'Skip',
  skipMeans: 'Everything can be chosen later.',
  again: 'Go through the first start again',
  restarting: { what: 'The node is starting anew.', next: 'It takes a few seconds, and this page goes on by itself.' },
  restartSlow: { what: 'The node has not come back yet.', next: 'Look at its window or terminal for what it says. This page goes on when it answers.' },

  network: {
    title: 'Which network?',
    means: 'Each has its own coins and its own data. You can change it later.',
    names: { practice: 'Practice', testnet: 'Testnet', mainnet: 'Mainnet', devnet: 'Devnet' },
    about: {
      practice: 'A network on this machine alone: this node and three companions. It has coins to play with at once, and nothing can be lost.',
      testnet: 'The public network for tests. Its coins are worth nothing.',
      mainnet: 'The network whose coins are money.',
      devnet: 'A network of your own, as the command line has it.',
    },
    fixed: 'The command line says which network this is. Start the app without --network to choose here.',
  },

  wallet: {
    title: 'A wallet for this network',
    there: 'There is a wallet already.',
    play: 'A wallet with play money is here already, without a passphrase. It is the quickest way to try everything.',
    choose: 'What shall it be?',
    choices: {
      keep: 'Keep this wallet',
      create: 'Create a new wallet',
      words: 'Restore from 12 or 24 words',
      file: 'Restore from a backup file',
      none: 'No wallet on this node',
    },
    about: {
      keep: 'Its coins, addresses and labels stay as they are.',
      create: 'You write down its words, which are all that is needed to have it back.',
      words: 'Those that you wrote down. Coins and history are found by themselves.',
      file: 'One that was made under Keys. It has labels and payment requests too.',
      none: 'The node works all the same. A wallet can be made later.',
    },
    replaced: 'The wallet that is here is moved aside, as files that stay in the data directory.',
    currentPassphrase: 'Passphrase of the wallet that is here',
    length: 'How many words?',
    lengths: { '12': '12 words', '24': '24 words' },
    lengthMeans: 'Both are safe. Twelve are sooner written down.',
    show: 'Show the words',
    writeDown: 'Write these words down, in this order, on paper.',
    writeDownMeans:
      'Whoever has them has the coins, and without them a lost disk is a lost wallet. Nobody can restore them for you. Take no photograph and keep no file.',
    written: 'I have written them down',
    askTitle: 'Say three of them back',
    askMeans: 'So that both of us know that they are on paper.',
    word: (position: number) => `Word ${formatCount(position)}`,
    wrongBack: { what: 'These are not the words at these places.', next: 'Look at your paper and type them again, or go back for new words.' },
    wordsTitle: 'Type your words',
    wordsLabel: 'Words, with spaces between them',
    wordsErrors: {
      'word-count': (count: number) => `These are ${formatCount(count)}; a wallet has 12 or 24.`,
      'unknown-word': (position: number) => `Word ${formatCount(position)} is not on the list of words that wallets use.`,
      'wrong-checksum': () => 'All words are known, but they do not belong together: one is another word, or the order is wrong.',
    },
    wordsValid: 'These are the words of a wallet.',
    fileTitle: 'Choose the backup file',
    fileLabel: 'Backup file',
    fileHint: 'Choose a file',
    filePassphrase: 'Passphrase of the backup',
    passphraseTitle: 'A passphrase for this machine',
    passphraseMeans:
      'It encrypts the wallet on this disk, and is asked for whenever coins leave. It is not a part of the words: with the words a new one can be set.',
    passphraseOptional: 'On this network it may be empty.',
    passphrase: 'Passphrase',
    repeat: 'Once more',
    notTheSame: 'The two are not the same.',
    strengths,
    strength: (word: string) => `Strength: ${word}`,
    guessed: (seconds: number) =>
      seconds > 3_155_760_000
        ? 'Guessing it would take more than a century, by somebody who has the file.'
        : `Somebody who has the file could guess it in ${formatSpan(Math.max(1, seconds) * 1_000)}.`,
    measuring: 'Measuring…',
    make: 'Create the wallet',
    restore: 'Restore the wallet',
    making: 'Making the wallet…',
    made: 'The wallet is there.',
    scanning: (checked: number, found: number) => `Looking for its history: ${formatCount(checked)} addresses looked at, ${formatCount(found)} of them used.`,
  },

  role: {
    title: 'What shall this node do?',
    choices: { wallet: 'Wallet only', masternode: 'Masternode' },
    about: {
      wallet: 'It follows and checks the whole network for you, and pays. It can be switched off whenever you like.',
      masternode: 'It votes too, and is paid for it once it is registered. It should be on all day, and others must be able to reach it.',
    },
    fixed: 'A node of a practice network is a masternode from the start.',
  },

  port: {
    title: 'Can others reach this node?',
    notNeeded: { what: 'A practice network is on this machine alone.', next: 'Its port needs no check.' },
    walletOnly: 'A wallet needs nobody to reach it. An open port helps the network all the same.',
    means: 'Two peers dial this node from outside and say whether they got through.',
    noPeers: 'No peer is connected yet that could be asked. You can go on; Peers, Network says it later.',
  },

  done: {
    title: 'All set',
    network: 'Network',
    wallet: 'Wallet',
    role: 'Role',
    port: 'Port',
    noWallet: 'none',
    passphrase: 'with a passphrase',
    noPassphrase: 'without a passphrase',
    open: 'Open the overview',
    later: 'Settings has a way back to these pages.',
  },
};
