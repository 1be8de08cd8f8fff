import { crc32 } from 'node:zlib';
import type { Migration } from '../migrate.ts';

const isSummed = 0x80;
const sumBytes = 4;

/** What a repair knows of what was signed before it; and records of the guard get the checksum that guard-record.ts asks for. */
export const chain0003: Migration = {
  version: 3,
  up: (db) => {
    db.exec(`
      create table signed_through (
        id integer primary key check (id = 1),
        epoch integer not null,
        height integer not null,
        before_ms integer not null
      ) strict;
    `);
    const put = db.prepare<[Uint8Array, bigint]>('update guard set record = ? where seq = ?');
    for (const [seq, record] of db.prepare<[], [bigint, Uint8Array]>('select seq, record from guard').raw().all()) {
      const summed = Buffer.concat([record, new Uint8Array(sumBytes)]);
      summed[0] = (summed[0] ?? 0) | isSummed;
      summed.writeUInt32LE(crc32(summed.subarray(0, -sumBytes)), record.length);
      put.run(summed, seq);
    }
  },
};
