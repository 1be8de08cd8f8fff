/** What a passphrase is worth against who has the file and tries on machines of their own. */
export interface Strength {
  /** 0: guessed at once, to 4: not guessed. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** At ten thousand tries a second, which is more than Argon2id lets most machines do. */
  readonly seconds: number;
}

/** zxcvbn's time grows with the length, and what is beyond this adds nothing to the answer. */
const maxMeasured = 100;
type Measure = (passphrase: string) => Strength;
let loading: Promise<Measure> | undefined;

async function load(): Promise<Measure> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const estimator = new ZxcvbnFactory({ dictionary: { ...common.dictionary, ...english.dictionary }, graphs: common.adjacencyGraphs });
  return (passphrase) => {
    const { score, crackTimes } = estimator.check(passphrase.slice(0, maxMeasured));
    return { score, seconds: crackTimes.offlineSlowHashingXPerSecond.seconds };
  };
}

/** Its dictionaries are more than a megabyte, fetched when the first passphrase is typed. */
export async function measureStrength(passphrase: string): Promise<Strength> {
  loading ??= load();
  return (await loading)(passphrase);
}
