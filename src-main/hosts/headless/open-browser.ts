import { spawn } from 'node:child_process';

interface Opener {
  readonly command: string;
  readonly args: readonly string[];
}

/** What opens an address in the person's browser; undefined where there is no screen for one. */
export function browserOpener(platform: NodeJS.Platform, environment: Readonly<Record<string, string | undefined>>, url: string): Opener | undefined {
  switch (platform) {
    case 'darwin':
      return { command: 'open', args: [url] };
    case 'win32':
      // Not through the shell's "start", which would give characters of the address a meaning.
      return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
    default:
      return environment.DISPLAY || environment.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [url] } : undefined;
  }
}

/** The address has been printed: whether a browser opens is a convenience, and not being able to is no error. */
export function openBrowser(url: string): void {
  const opener = browserOpener(process.platform, process.env, url);
  if (opener === undefined) return;
  const child = spawn(opener.command, opener.args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
