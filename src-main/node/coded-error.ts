import type { ErrorCode } from '../../src-shared/api/method.ts';

/** What a person or a script asked for cannot be done: answered at the door with its code, never logged as an error of the node. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, string | number | boolean>> | undefined;

  /** `message` is for people and says what to do where something can be done; `data` is what a program needs to say it itself. */
  constructor(code: ErrorCode, message: string, data?: Readonly<Record<string, string | number | boolean>>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
