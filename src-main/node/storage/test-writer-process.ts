import { writeSync } from 'node:fs';
import { hex, openStorage, TestChain } from './test-chain.ts';

/** Writes blocks until it is killed, and says after each commit through which height they are durable. Goes on from what the file holds. */
const file = process.argv[2];
if (file === undefined) throw new Error('which file?');
const heightOfBatch: number[] = [];
const { storage } = await openStorage(file, { onDurable: (through) => writeSync(1, `${heightOfBatch[through]}\n`) });
const tip = storage.loadState().chain?.height ?? -1;
const chain = new TestChain();
const spends = (): number => (chain.height < 0 ? 0 : (chain.height * 7) % 40);
while (chain.height < tip) chain.next({ spends: spends(), rewards: 30 });

function turn(): void {
  if (storage.backlogBytes < 200_000) {
    const block = chain.next({ spends: spends(), rewards: 30 });
    const batch = storage.persist([{ kind: 'put-bundle', hash: hex(block.height) as never, encoded: Uint8Array.of(1) }]);
    storage.persist([block]);
    heightOfBatch[batch] = block.height;
  }
  setImmediate(turn);
}
turn();
