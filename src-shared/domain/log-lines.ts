/** From the fewest lines to the most. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * What a line is about. node: the program itself, its start and end; health: alerts; peers: connections and addresses; chain: which blocks hold; consensus:
 * how they are decided, and what is signed; masternodes: who is a member; payments: transactions; storage: files; doors: calls and pages.
 */
export const logParts = ['node', 'health', 'peers', 'chain', 'consensus', 'masternodes', 'payments', 'storage', 'doors'] as const;
export type LogPart = (typeof logParts)[number];

/** A line that was written, as it stands in the log file behind its time, level and part. */
export interface LogLine {
  /** From 1 for the first that this node wrote since it was started. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly timems: number;
  readonly level: LogLevel;
  readonly part: LogPart;
  readonly text: string;
}

/** As the log file has it. */
export const logLineText = ({ timems, level, part, text }: Omit<LogLine, 'number'>): string => `${new Date(timems).toISOString()} ${level} ${part} ${text}`;
