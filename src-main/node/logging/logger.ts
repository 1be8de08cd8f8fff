import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import electronLog from 'electron-log/node';
import { type LogLevel, type LogPart, logLevels, logLineText } from '../../../src-shared/domain/log-lines.ts';
import { LogFile } from './log-file.ts';
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
  /** Resolves when every line is in the file, or was refused; and soon, whatever the disk does. To be waited for before a process is ended. */
  readonly written: () => Promise<void>;
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

/** As the library hands it over. */
interface LibraryLine {
  readonly date: Date;
  readonly level: string;
  readonly data: readonly unknown[];
}

export function makeNodeLog({ directory, level, format, writeLine }: LoggerOptions): NodeLog {
  const recent = new LogRing(level, Date.now());
  // A name of its own, so that two nodes in one process do not share a file.
  const logger = electronLog.create({ logId: `node ${directory ?? ''}` });
  logger.transports.console.level = false;
  if (logger.transports.ipc !== null && logger.transports.ipc !== undefined) logger.transports.ipc.level = false;
  // The library's own waits for the disk at each line.
  logger.transports.file.level = false;
  let file: LogFile | undefined;
  if (directory !== undefined) {
    makeFolder(directory);
    // A disk that is full refuses each line. The console has them all.
    const onError = (error: Error): void => say(false, 'warn', 'storage', 'the log file cannot be written', { error: error.message });
    const missing = (lines: number): string =>
      `${logLineText({ timems: Date.now(), level: 'warn', part: 'storage', text: textOf('lines are missing here: the disk did not take them', { lines }) })}\n`;
    const opened = new LogFile({ path: join(directory, fileName), maxBytes: maxFileBytes, kept: keptFiles, onError, missing });
    const write = ({ date, level: lineLevel, data }: LibraryLine): void => opened.write(`${date.toISOString()} ${lineLevel} ${data.join(' ')}\n`);
    logger.transports.nodeFile = Object.assign(write, { level, transforms: [] });
    file = opened;
  }
  function say(inFile: boolean, lineLevel: LogLevel, part: LogPart, message: string, fields: LogFields): void {
    const timems = Date.now();
    const text = textOf(message, fields);
    recent.add({ timems, level: lineLevel, part, text });
    if (inFile) logger[lineLevel](`${part} ${text}`);
    if (writeLine === undefined) return;
    if (format === 'text') writeLine(logLineText({ timems, level: lineLevel, part, text }));
    else writeLine(JSON.stringify({ time: new Date(timems).toISOString(), level: lineLevel, part, message: oneLine(message), ...oneLineEach(fields) }));
  }
  const of = (part: LogPart): Logger => {
    const at =
      (lineLevel: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (logLevels.indexOf(lineLevel) <= logLevels.indexOf(level)) say(true, lineLevel, part, message, fields);
      };
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  };
  return { of, recent, written: async () => file?.written() };
}

/** For tests, and for parts that have nothing to say to anybody. */
export const silentLogger: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** A peer's words must not look like lines of ours, nor turn the direction of what follows them round. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ');

const oneLineEach = (fields: LogFields): LogFields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]));

const textOf = (message: string, fields: LogFields): string =>
  oneLine(
    [
      message,
      ...Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' && /[\s"]/.test(value) ? JSON.stringify(value) : value}`),
    ].join(' '),
  );

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    // The first line says that it cannot be written, and the node itself what it cannot do without.
  }
}
