import { setTimeout } from 'node:timers/promises';
import { runCli } from './run-cli.ts';
import { StandardInput } from './standard-input.ts';

const input = new StandardInput(process.stdin, (text) => void process.stderr.write(text));
// Not process.exit: what was written to a pipe leaves first.
process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  input,
  nowMs: () => performance.now(),
  sleep: (ms) => setTimeout(ms),
});
input.close();
