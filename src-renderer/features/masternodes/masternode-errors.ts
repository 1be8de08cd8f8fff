import type { ClientError } from '../../api/client-error.ts';
import type { Advice } from '../../text/advice.ts';
import { text } from '../../text/text.ts';
import { wordsOf } from '../../ui/client-error-words.ts';

/** Some codes mean something else here than for a payment. */
export const masternodeErrorWords = (error: ClientError): Advice => text.masternodes.errors[error.code] ?? wordsOf(error);
