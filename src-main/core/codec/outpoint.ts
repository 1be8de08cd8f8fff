import * as P from 'micro-packed';
import type { Outpoint, Txid } from '../../../src-shared/domain/ids.ts';
import { hexOf } from './primitives.ts';

export const outpoint: P.CoderType<Outpoint> = P.struct({ txid: hexOf<Txid>(32), vout: P.U32LE });
