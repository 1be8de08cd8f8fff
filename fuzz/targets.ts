import { channelTarget } from './channel-target.ts';
import { codecTargets } from './codec-targets.ts';
import { engineTarget } from './engine-target.ts';
import { peersTarget } from './peers-target.ts';
import { relayBlocksTarget, relayTarget } from './relay-targets.ts';
import type { Target } from './target.ts';
import { textTargets } from './text-targets.ts';

/** Whatever reads bytes of strangers or text of people. */
export const targets: readonly Target[] = [...codecTargets, ...textTargets, peersTarget, engineTarget, channelTarget, relayTarget, relayBlocksTarget];
