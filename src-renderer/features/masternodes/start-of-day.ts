/** Midnight where the window is. */
export const startOfDay = (nowMs: number): number => new Date(nowMs).setHours(0, 0, 0, 0);
