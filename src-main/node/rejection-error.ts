import type { ErrorCode } from '../../src-shared/api/method.ts';
import { reasonWords } from '../../src-shared/domain/reason-words.ts';
import type { RejectionCode } from '../../src-shared/domain/rejection-code.ts';
import type { Rejection } from '../core/rejection.ts';
import { CodedError } from './coded-error.ts';

const errorCodes: Partial<Record<RejectionCode, ErrorCode>> = { 'already-settled': 'transaction-already-settled', malformed: 'deserialization-error' };

/** A transaction that the node did not take, as the contract says it. */
export function rejectionError({ code, detail }: Rejection): CodedError {
  const shown = detail === '' ? code : `${code}: ${detail}`;
  return new CodedError(errorCodes[code] ?? 'transaction-rejected', `The transaction is not taken: ${reasonWords[code]} (${shown}).`, {
    rejection: code,
    detail,
  });
}
