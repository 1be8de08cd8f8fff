// Loaded into a node's process before its program: each signal lets as many milliseconds have passed as the address of this file says, for all that is measured by them.
// What the wall clock says stays as it is.
const realNow = performance.now.bind(performance);
const stepMs = Number(new URL(import.meta.url).searchParams.get('ms'));
let aheadMs = 0;
performance.now = () => realNow() + aheadMs;
process.on('SIGUSR2', () => {
  aheadMs += stepMs;
});
