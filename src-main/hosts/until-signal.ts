/** Terminals, service managers and operating systems ask to stop with these. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `launcher-gone`: the script that started this program (scripts/child-process.mjs) was killed, and could pass nothing on. */
export type StopReason = (typeof signals)[number] | 'launcher-gone';

/** A person notices nothing of it, and a process in a hundred is as soon gone. */
const launcherCheckMs = 500;

/** What comes again sooner is the same request: launchers, and `timeout`, signal a process and the group that it is in. */
const sameRequestMs = 500;

interface Signalled {
  readonly on: (signal: (typeof signals)[number], act: () => void) => unknown;
  readonly exit: (code: number) => void;
}
const thisProcess: Signalled = { on: (signal, act) => process.on(signal, act), exit: (code) => process.exit(code) };

/** Resolves at the first request to stop. A later signal ends the process at once: somebody has no patience left. */
export function untilSignal({ on, exit }: Signalled = thisProcess): Promise<StopReason> {
  return new Promise((resolve) => {
    let askedAtMs: number | undefined;
    for (const signal of signals) {
      on(signal, () => {
        if (askedAtMs !== undefined && performance.now() - askedAtMs > sameRequestMs) exit(1);
        askedAtMs ??= performance.now();
        resolve(signal);
      });
    }
    whenLauncherGoes(() => resolve('launcher-gone'));
  });
}

/** A launcher names itself to the program that it starts itself; further down, its number is not the parent's. */
function whenLauncherGoes(act: () => void): void {
  const launcher = Number(process.env.TIME_LAUNCHER_PID);
  if (launcher !== process.ppid) return;
  const timer = setInterval(() => {
    if (isThere(launcher)) return;
    clearInterval(timer);
    act();
  }, launcherCheckMs);
  timer.unref();
}

function isThere(launcher: number): boolean {
  // An orphan gets another parent, except on Windows, where it keeps the number of the dead one.
  if (process.platform !== 'win32') return process.ppid === launcher;
  try {
    return process.kill(launcher, 0);
  } catch {
    return false;
  }
}
