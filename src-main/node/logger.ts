import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import electronLog from 'electron-log/node';
import { type LogLevel, type LogPart, logLevels, logLineText } from '../../src-shared/domain/log-lines.ts';
import { LogRing } from './log-ring.ts';

/** What a line is about, beside its words. Never a secret, a token or a passphrase: logs are what people send to others. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;
/** Lines of one part. */
export interface Logger {
  readonly error: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly debug: (message: string, fields?: LogFields) => void;
}
/** The log of one run of a node. */
export interface NodeLog {
  readonly of: (part: LogPart) => Logger;
  /** What was written last, for the window. */
  readonly recent: LogRing;
}

export type LogFormat = 'text' | 'json';
export interface LoggerOptions {
  /** The folder of the files; undefined writes none. */
  readonly directory: string | undefined;
  readonly level: LogLevel;
  /** Of the lines on the console. The file has text. */
  readonly format: LogFormat;
  /** Undefined: no console. */
  readonly writeLine: ((line: string) => void) | undefined;
}

/** A day of a busy node at `info`; five of them are what a person can be asked to send. */
const maxFileBytes = 5_000_000;
const keptFiles = 5;
const fileName = 'node.log';

// Of a file that cannot be written the library tells the console at each line, in a form of its own.
electronLog.transports.console.writeFn = () => undefined;

export function makeNodeLog({ directory, level, format, writeLine }: LoggerOptions): NodeLog {
  const recent = new LogRing(level, Date.now());
  // A name of its own, so that two nodes in one process do not share a file.
  const logger = electronLog.create({ logId: `node ${directory ?? ''}` });
  logger.transports.console.level = false;
  if (logger.transports.ipc !== null && logger.transports.ipc !== undefined) logger.transports.ipc.level = false;
  const file = logger.transports.file;
  if (directory === undefined) file.level = false;
  else {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    file.level = level;
    file.maxSize = maxFileBytes;
    file.format = '{iso} {level} {text}';
    file.resolvePathFn = () => join(directory, fileName);
    file.archiveLogFn = () => rotate(join(directory, fileName));
    let told = false;
    file.getFile().on('error', (error) => {
      // A disk that is full refuses each line. The console has them all.
      if (!told) say(false, 'warn', 'storage', 'the log file cannot be written', { error: error.message });
      told = true;
    });
  }
  function say(inFile: boolean, lineLevel: LogLevel, part: LogPart, message: string, fields: LogFields): void {
    const timems = Date.now();
    const text = textOf(message, fields);
    recent.add({ timems, level: lineLevel, part, text });
    if (inFile) logger[lineLevel](`${part} ${text}`);
    if (writeLine === undefined) return;
    if (format === 'text') writeLine(logLineText({ timems, level: lineLevel, part, text }));
    else writeLine(JSON.stringify({ time: new Date(timems).toISOString(), level: lineLevel, part, message, ...fields }));
  }
  const of = (part: LogPart): Logger => {
    const at =
      (lineLevel: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (logLevels.indexOf(lineLevel) <= logLevels.indexOf(level)) say(true, lineLevel, part, message, fields);
      };
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  };
  return { of, recent };
}

/** For tests, and for parts that have nothing to say to anybody. */
export const silentLogger: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** A peer's words must not look like lines of ours. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');

const textOf = (message: string, fields: LogFields): string =>
  oneLine(
    [
      message,
      ...Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' && /[\s"]/.test(value) ? JSON.stringify(value) : value}`),
    ].join(' '),
  );

/** node.log becomes node.1.log, and so on; the oldest goes. */
function rotate(path: string): void {
  const numbered = (number: number): string => path.replace(/\.log$/, `.${number}.log`);
  rmSync(numbered(keptFiles - 1), { force: true });
  for (let number = keptFiles - 2; number >= 1; number--) moveIfThere(numbered(number), numbered(number + 1));
  moveIfThere(path, numbered(1));
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // Not there yet, or held open by a viewer on Windows: it is rotated the next time.
  }
}
