import type { RejectionCode } from '../../src-shared/domain/rejection-code.ts';

/** Why data from a peer or a person is not taken: a value, never thrown. */
export interface Rejection {
  readonly code: RejectionCode;
  /** For logs and people: the numbers or ids that show it. */
  readonly detail: string;
}

export const reject = (code: RejectionCode, detail = ''): { readonly ok: false; readonly rejection: Rejection } => ({ ok: false, rejection: { code, detail } });

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection };
export const accept = <T>(value: T): Checked<T> => ({ ok: true, value });
