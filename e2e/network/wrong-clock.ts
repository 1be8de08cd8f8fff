// Loaded into a node's process before its program: a machine whose clock is wrong, by so many milliseconds as the address of this file says, until somebody sets it right.
const realNow = Date.now;
let offMs = Number(new URL(import.meta.url).searchParams.get('ms'));
Date.now = () => realNow() + offMs;
process.on('SIGUSR2', () => {
  offMs = 0;
});
