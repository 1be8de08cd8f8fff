/** Ends one part of what runs. */
export type StopPart = () => void | Promise<void>;

/**
 * Ends them, the last first, and empties the list. One that fails leaves none of the others running: the first failure is thrown when all have been asked.
 */
export async function stopInReverse(parts: StopPart[]): Promise<void> {
  const failures: unknown[] = [];
  for (let stop = parts.pop(); stop !== undefined; stop = parts.pop()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
