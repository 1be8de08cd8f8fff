import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const packaged = join(root, 'node_modules/@sparticuz/chromium');

const installedBrowsers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'],
};

/** What the package compresses: the browser, the shared libraries a bare machine lacks, fonts, and software rendering. */
const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];

export interface TestBrowser {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The package's own names folders of another machine only, and text would be invisible. */
const fontsConfiguration = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

/** Extracts into a folder beside the final one and renames it, so that a folder that is there is whole. */
function extract(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const stage = mkdtempSync(`${folder}-`);
  const inflateAll = `
    import { inflate } from ${JSON.stringify(`${packaged}/build/index.js`)};
    await Promise.all(${JSON.stringify(archives.map((name) => join(packaged, 'bin', name)))}.map((file) => inflate(file)));`;
  // The package extracts to the temporary folder of its process.
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', inflateAll], { env: { ...process.env, TMPDIR: stage }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the browser for tests could not be extracted\n${done.stderr}`);
  writeFileSync(join(stage, 'fonts/fonts.conf'), fontsConfiguration(folder));
  try {
    renameSync(stage, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(stage, { recursive: true }); // another process was faster
  }
}

/** An installed Chromium; else the one of the package, extracted once; else undefined, and Playwright looks for its own. */
export function findTestBrowser(): TestBrowser | undefined {
  const named = process.env.TIME_CHROMIUM;
  if (named !== undefined && !existsSync(named)) throw new Error(`TIME_CHROMIUM names ${named}, which is not there`);
  const installed = named ?? installedBrowsers[process.platform]?.find((path) => existsSync(path));
  if (installed !== undefined) return { executablePath: installed, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string };
  const folder = join(root, 'node_modules/.cache/chromium', version);
  if (!existsSync(folder)) extract(folder);
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter((path) => path !== undefined).join(':');
  return { executablePath: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, 'fonts') } };
}
