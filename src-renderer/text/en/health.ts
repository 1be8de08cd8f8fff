import type { TopicValue } from '../../../src-shared/api/topics.ts';
import type { Advice } from '../advice.ts';

type OverviewReason = TopicValue<'overview'>['reasons'][number];

export const overviewReasons: Record<OverviewReason, Advice> = {
  halted: {
    what: 'This node has stopped following the chain: a quorum signed two different blocks, or one that breaks the rules.',
    next: 'It votes no more and its balances stand still, so that nothing gets worse. Its log names the blocks: ask other operators which of them they follow.',
  },
  'own-key-elsewhere': {
    what: 'Another node is running with this masternode’s key.',
    next: 'This one signs nothing, so that the two never contradict each other. Stop one of them; if it is the other, start this node again.',
  },
  'restored-old-copy': {
    what: 'This masternode has signed votes that its own records do not have: they were restored from an old copy.',
    next: 'It signs nothing until the next epoch begins, and then goes on by itself. It follows the chain meanwhile.',
  },
  listening: {
    what: 'This masternode listens whether another one uses its key before it votes.',
    next: 'It takes two minutes after each start, and a connected peer. It needs nothing from you.',
  },
  starting: { what: 'The node is starting.', next: 'It reads its chain and looks for peers. This takes a few seconds.' },
  'no-peers': {
    what: 'No other node is connected.',
    next: 'Check this machine’s internet connection and firewall. The node keeps trying by itself.',
  },
  'below-quorum': {
    what: 'Too few masternodes are connected to decide anything.',
    next: 'Payments wait and no block is made until two thirds of the voting weight are connected. Nothing is lost meanwhile.',
  },
  behind: { what: 'The node is catching up with the network.', next: 'Balances and payments are complete when it has. It needs nothing from you.' },
  'clock-off': {
    what: 'This machine’s clock is more than five seconds from the masternodes’.',
    next: 'Turn on setting the time automatically in the system settings. At fifteen seconds this node stops proposing blocks.',
  },
  'clock-stopped': {
    what: 'This machine’s clock is so far from the masternodes’ that this node proposes no blocks.',
    next: 'Set the time right in the system settings, automatically if possible. It goes on by itself then.',
  },
  unreachable: {
    what: 'Others cannot connect to this masternode.',
    next: 'Open its port in firewall and router: Peers, Network says which. Until then it depends on the peers that it dials itself.',
  },
  'no-block': {
    what: 'No block has come for two slots.',
    next: 'Either the network has stopped deciding, or this node does not hear it. Look at Peers first, then at Consensus.',
  },
  'not-launched': { what: 'This network has not launched.', next: 'It has no masternodes yet, so nothing can be decided. There is nothing to do but wait.' },
  'disk-slow': {
    what: 'The disk is slow to store.',
    next: 'Votes are stored before they are sent, so they leave late. Close what else uses the disk, or move the data to a faster one.',
  },
};
