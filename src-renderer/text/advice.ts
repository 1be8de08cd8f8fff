/** What happened, and what to do about it. */
export interface Advice {
  readonly what: string;
  readonly next: string;
}
