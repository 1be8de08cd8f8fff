import Database from 'better-sqlite3';

/** The storage worker on a disk that is full after 400 kB. */
const maxPages = 100;
const pragma = Database.prototype.pragma;
Database.prototype.pragma = function (this: Database.Database, source, options) {
  const answer = pragma.call(this, source, options);
  if (source === 'synchronous = FULL') pragma.call(this, `max_page_count = ${maxPages}`);
  return answer;
};
await import('./storage-worker.ts');
